import { describe, expect, test } from '@jest/globals';
import { checkCodexConfig } from '../../../middleware/cli/doctor/check-codex-config.ts';
import { checkCodex } from '../../../middleware/cli/doctor/check-codex.ts';
import type { CodexFacts } from '../../../middleware/cli/doctor/facts.ts';
import type { Finding } from '../../../middleware/cli/doctor/finding.ts';
import { codexConfig, soundFacts } from './sound-facts.ts';

const file = '/home/me/.codex/config.toml';

function faults(codex: Partial<CodexFacts>): Finding[] {
  return checkCodex(soundFacts({ codex })).filter(({ level }) => level !== 'ok');
}

function configFaults(text: string, more: Partial<CodexFacts> = {}): Finding[] {
  const facts = soundFacts({ codex: { config: codexConfig(text), ...more } });
  return checkCodexConfig(facts).filter(({ level }) => level !== 'ok');
}

describe('doctor on Codex', () => {
  test('a Codex that is not there is a warning: other clients do without it [CFG-4]', () => {
    expect(faults({ program: undefined })).toMatchObject([{ id: 'codex', level: 'warning', where: 'PATH' }]);
  });

  test('a version that was not tested is a warning, one that is too old a problem [PX-7]', () => {
    const tested = 'npm install -g @openai/codex@0.169.0 is the one that was tested';
    expect(faults({ program: { version: '0.171.0', login: 'none' } })).toEqual([
      {
        id: 'codex-version',
        level: 'warning',
        what: 'Codex 0.171.0 was not tested with this release; if a turn fails, compare without the proxy',
        todo: tested,
      },
    ]);
    expect(faults({ program: { version: '0.28.0', login: 'none' } })).toEqual([
      {
        id: 'codex-version',
        level: 'problem',
        what: 'Codex 0.28.0 is older than 0.29, the oldest that is supported; upgrade it',
        todo: tested,
      },
    ]);
  });

  test('a home in a temporary folder is a problem [CFG-4]', () => {
    const home = { folder: '/tmp/x', isNamed: true, exists: true, isTemporary: true, setsBaseUrl: false };
    expect(faults({ home })).toMatchObject([{ id: 'codex-home', level: 'problem', where: '/tmp/x' }]);
  });

  test('a home that is named must exist; the default one is made by Codex [CFG-4]', () => {
    const home = { folder: '/x', isNamed: true, exists: false, isTemporary: false, setsBaseUrl: false };
    expect(faults({ home })).toMatchObject([{ id: 'codex-home', level: 'problem', where: '/x' }]);
    expect(faults({ home: { ...home, isNamed: false } })).toEqual([]);
  });

  test('a provider that sends the login needs one [CFG-4]', () => {
    const config = codexConfig(
      'model_provider = "codex-plus"\n[model_providers.codex-plus]\nrequires_openai_auth = true\n',
    );
    expect(faults({ config })).toEqual([
      {
        id: 'codex-login',
        level: 'problem',
        what: 'the provider "codex-plus" sends the login of Codex, and there is none',
        where: `${file}, line 3`,
        todo: 'codex login, or take requires_openai_auth out',
      },
    ]);
    expect(faults({ config, program: { version: '0.169.0', login: 'chatgpt' } })).toEqual([]);
  });
});

describe('doctor on the configuration of Codex', () => {
  for (const [name, text, expected] of [
    ['broken TOML', 'model = "a"\nb =\n', { id: 'codex-config', level: 'problem', where: `${file}, line 2` }],
    [
      'an entry of a reserved id',
      'model = "a"\n[model_providers.openai]\nname = "x"\n',
      { id: 'reserved-provider', level: 'problem', where: `${file}, line 2` },
    ],
    [
      'wire_api = "chat"',
      '[model_providers.x]\nname = "x"\nwire_api = "chat"\n',
      { id: 'wire-api', level: 'problem', where: `${file}, line 3` },
    ],
    [
      'a profile of the old kind in use',
      'profile = "p"\n[profiles.p]\nmodel = "x"\n',
      { id: 'legacy-profile', level: 'problem', where: `${file}, line 1` },
    ],
    [
      'a profile of the old kind that is not in use',
      '[profiles.p]\nmodel = "x"\n',
      { id: 'legacy-profile', level: 'warning', where: `${file}, line 1` },
    ],
  ] as const) {
    test(`${name} is a ${expected.level} with its line [CFG-4]`, () => {
      expect(configFaults(text)).toMatchObject([expected]);
    });
  }

  test('Bedrock alone of the own ids may have an entry [CFG-4]', () => {
    expect(configFaults('[model_providers.amazon-bedrock]\naws = { region = "x" }\n')).toEqual([]);
  });

  test('what else Codex refuses is told in its own words [CFG-4]', () => {
    const errors = ['config.toml:3:1: provider name must not be empty\nHow to fix: give it a name'];
    expect(configFaults('', { hooks: { kind: 'listed', hooks: [], errors } })).toEqual([
      {
        id: 'codex-config',
        level: 'problem',
        what: 'Codex refuses its configuration: config.toml:3:1: provider name must not be empty',
        todo: 'give it a name',
      },
    ]);
  });

  test('where it is no TOML, Codex knows the place better than we do [CFG-4]', () => {
    const errors = ['config.toml:1:9: string values must be quoted'];
    expect(configFaults('model =\n', { hooks: { kind: 'listed', hooks: [], errors } })).toMatchObject([
      { id: 'codex-config', what: `Codex refuses its configuration: ${errors[0] ?? ''}` },
    ]);
  });

  test('what we name ourselves is not told a second time in the words of Codex [CFG-4]', () => {
    const errors = ['`wire_api = "chat"` is no longer supported'];
    const text = '[model_providers.x]\nwire_api = "chat"\n';
    expect(configFaults(text, { hooks: { kind: 'listed', hooks: [], errors } })).toHaveLength(1);
  });

  test('profiles are looked at as well [CFG-4]', () => {
    const profile = { ...codexConfig('[model_providers.x]\nwire_api = "chat"\n'), name: 'p' };
    expect(configFaults('', { profiles: [profile] })).toMatchObject([{ id: 'wire-api' }]);
  });
});
