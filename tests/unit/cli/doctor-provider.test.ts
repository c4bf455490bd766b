import { describe, expect, test } from '@jest/globals';
import { checkBaseUrlVariable } from '../../../middleware/cli/doctor/check-base-url-variable.ts';
import { checkProjectConfig } from '../../../middleware/cli/doctor/check-project-config.ts';
import { checkProviderNeeds } from '../../../middleware/cli/doctor/check-provider-needs.ts';
import { checkProvider } from '../../../middleware/cli/doctor/check-provider.ts';
import type { CodexFacts } from '../../../middleware/cli/doctor/facts.ts';
import type { Finding } from '../../../middleware/cli/doctor/finding.ts';
import { codexConfig, pointedHere, soundFacts } from './sound-facts.ts';

const file = '/home/me/.codex/config.toml';

function provider(text: string | undefined, more: Partial<CodexFacts> = {}): Finding[] {
  const config = text === undefined ? undefined : codexConfig(text);
  return checkProvider(soundFacts({ codex: { config, ...more } }));
}

describe('doctor on where Codex calls', () => {
  for (const text of [
    pointedHere,
    'openai_base_url = "http://localhost:3000/v1"\n',
    'model_provider = "x"\nmodel_providers = { x = { name = "x", base_url = "http://127.0.0.1:3000/v1" } }\n',
  ]) {
    test(`${JSON.stringify(text.split('\n')[0])} leads here [CFG-4]`, () => {
      expect(provider(text)).toMatchObject([{ id: 'provider', level: 'ok' }]);
    });
  }

  test('a Codex that knows nothing of us is a warning [CFG-4]', () => {
    const warning = {
      id: 'provider',
      level: 'warning',
      what: 'Codex does not use Codex-Plus: it calls its own address of "openai"',
      where: file,
      todo: 'codex-plus init, or codex-plus run -- codex',
    };
    expect(provider(undefined)).toEqual([warning]);
    expect(provider('model = "x"\n')).toEqual([warning]);
  });

  test('another provider elsewhere is a warning with its line [CFG-4]', () => {
    const text = 'model_provider = "x"\n[model_providers.x]\nbase_url = "https://x.example/v1"\n';
    expect(provider(text)).toMatchObject([
      {
        level: 'warning',
        what: 'Codex does not use Codex-Plus: it calls https://x.example/v1',
        where: `${file}, line 1`,
      },
    ]);
  });

  test('a provider id without an entry is a problem, with the id that was meant [CFG-4]', () => {
    expect(provider(pointedHere.replace('= "codex-plus"', '= "codex_plus"'))).toEqual([
      {
        id: 'provider',
        level: 'problem',
        what: 'model_provider is "codex_plus", and there is no [model_providers.codex_plus]: Codex does not start',
        where: `${file}, line 1`,
        todo: 'write model_provider = "codex-plus"',
      },
    ]);
    expect(provider('model_provider = "abc"\n')).toMatchObject([
      { level: 'problem', todo: 'codex-plus init' },
    ]);
  });

  test('another port of this machine is a problem with the line of the base URL [CFG-4]', () => {
    expect(provider(pointedHere.replace('3000', '3001'))).toEqual([
      {
        id: 'provider',
        level: 'problem',
        what: 'Codex calls http://127.0.0.1:3001/v1, and Codex-Plus is at http://127.0.0.1:3000',
        where: `${file}, line 6`,
        todo: 'codex-plus init, or base_url = "http://127.0.0.1:3000/v1"',
      },
    ]);
  });

  test('a base URL that ends in /backend-api/codex is a trap [CFG-4]', () => {
    expect(provider('openai_base_url = "http://127.0.0.1:3000/backend-api/codex"\n')).toEqual([
      {
        id: 'base-url',
        level: 'problem',
        what: 'with a base URL that ends in /backend-api/codex, Codex goes past Codex-Plus or fails',
        where: `${file}, line 1`,
        todo: 'end it with /v1: "http://127.0.0.1:3000/v1"',
      },
    ]);
    // Measured: the entry of a provider may end so.
    const entry = pointedHere.replace(':3000/v1', ':3000/backend-api/codex');
    expect(provider(entry)).toMatchObject([{ id: 'provider', level: 'ok' }]);
  });

  test('a profile that leads here is as good [CFG-4]', () => {
    const profiles = [{ ...codexConfig(pointedHere), name: 'cp' }];
    expect(provider('model = "x"\n', { profiles })).toEqual([
      { id: 'provider', level: 'ok', what: 'Codex calls http://127.0.0.1:3000 with codex -p cp' },
    ]);
  });

  test('nothing is said where there is no Codex at all [CFG-4]', () => {
    expect(provider(undefined, { program: undefined })).toEqual([]);
  });
});

describe('doctor on what Codex needs for its calls', () => {
  test('the variable of env_key must be set [CFG-4]', () => {
    const config = codexConfig(`${pointedHere}env_key = "MY_KEY"\n`);
    expect(checkProviderNeeds(soundFacts({ codex: { config } }))).toEqual([
      {
        id: 'provider-key',
        level: 'problem',
        what: 'the variable MY_KEY is not set, and Codex does not start without it',
        where: `${file}, line 7`,
        todo: 'export MY_KEY=… in the shell in which you start codex',
      },
    ]);
    expect(checkProviderNeeds(soundFacts({ facts: { env: { MY_KEY: 'x' } }, codex: { config } }))).toEqual(
      [],
    );
  });

  test('the variable of our header must be set where a key is asked [CFG-4]', () => {
    const config = codexConfig(`${pointedHere}env_http_headers = { x-codex-plus-key = "CODEX_PLUS_KEY" }\n`);
    const asking = soundFacts({ middleware: { asksForKey: true }, codex: { config } });
    expect(checkProviderNeeds(asking)).toMatchObject([
      { id: 'provider-key', level: 'problem', where: `${file}, line 7` },
    ]);
    expect(checkProviderNeeds(soundFacts({ codex: { config } }))).toEqual([]);
  });

  test('a profile that calls here is judged with what it lays over the configuration [CFG-4]', () => {
    const profiles = [{ ...codexConfig('model_provider = "codex-plus"\nmodel = "gpt-6-sol"\n'), name: 'cp' }];
    const config = codexConfig(
      `${pointedHere.replace('model_provider = "codex-plus"', '')}env_key = "MY_KEY"\n`,
    );
    expect(provider(pointedHere.replace('model_provider = "codex-plus"', ''), { profiles })).toEqual([
      { id: 'provider', level: 'ok', what: 'Codex calls http://127.0.0.1:3000 with codex -p cp' },
    ]);
    expect(checkProviderNeeds(soundFacts({ codex: { config, profiles } }))).toMatchObject([
      { id: 'provider-key', level: 'problem', where: `${file}, line 7` },
      { id: 'model', level: 'problem', where: `${file}, line 2` },
    ]);
  });

  test('an API key that Codex is logged in with may be one of ours [CFG-4]', () => {
    const config = codexConfig(`${pointedHere}requires_openai_auth = true\n`);
    const tries = [{ status: 401, reason: 'no key', sendsLogin: true }];
    const program = { version: '0.171.0', login: 'api-key' } as const;
    expect(checkProviderNeeds(soundFacts({ codex: { config, tries, program } }))).toMatchObject([
      { id: 'provider-key', level: 'warning' },
    ]);
  });

  test('a model that nobody serves is a problem, unless the ChatGPT backend serves it [CFG-4]', () => {
    const config = codexConfig(pointedHere.replace('"gpt-5"', '"gpt-6-sol"'));
    expect(checkProviderNeeds(soundFacts({ codex: { config } }))).toEqual([
      {
        id: 'model',
        level: 'problem',
        what: 'Codex asks for "gpt-6-sol", which LiteLLM does not have',
        where: `${file}, line 2`,
        todo: 'choose one of gpt-5, or add it to litellm_config.yaml',
      },
    ]);
    const program = { version: '0.169.0', login: 'chatgpt' } as const;
    expect(checkProviderNeeds(soundFacts({ codex: { config, program } }))).toEqual([]);
  });
});

describe('doctor on OPENAI_BASE_URL', () => {
  const config = codexConfig('');
  const home = { folder: '/h', isNamed: false, exists: true, isTemporary: false, setsBaseUrl: true };

  test('one that leads here and is all that leads here is a problem [CFG-4]', () => {
    const env = { OPENAI_BASE_URL: 'http://127.0.0.1:3000/v1' };
    expect(checkBaseUrlVariable(soundFacts({ facts: { env }, codex: { config } }))).toEqual([
      {
        id: 'openai-base-url',
        level: 'problem',
        what: 'OPENAI_BASE_URL is set, and Codex ignores it; only the SDKs read it',
        where: 'the environment',
        todo: 'codex-plus init, or codex-plus run -- codex',
      },
    ]);
  });

  test('one in the .env of Codex is meant for Codex, and ignored as well [CFG-4]', () => {
    expect(checkBaseUrlVariable(soundFacts({ codex: { config, home } }))).toMatchObject([
      { level: 'problem', where: '/h/.env' },
    ]);
  });

  test('one that leads elsewhere is a warning [CFG-4]', () => {
    const env = { OPENAI_BASE_URL: 'https://x.example/v1' };
    expect(checkBaseUrlVariable(soundFacts({ facts: { env }, codex: { config } }))).toMatchObject([
      { level: 'warning' },
    ]);
  });

  test('beside a configuration that leads here it is for the SDKs, and right [CFG-4]', () => {
    const env = { OPENAI_BASE_URL: 'http://127.0.0.1:3000/v1' };
    expect(checkBaseUrlVariable(soundFacts({ facts: { env } }))).toEqual([]);
  });
});

describe('doctor on the configuration of a project', () => {
  test('what Codex ignores there is named with its line [CFG-4]', () => {
    const projectConfigs = [
      { ...codexConfig('model = "a"\n'), file: '/a' },
      codexConfig('model = "a"\nopenai_base_url = "x"\n[model_providers.x]\nname = "x"\n'),
    ];
    expect(checkProjectConfig(soundFacts({ codex: { projectConfigs } }))).toEqual([
      {
        id: 'project-config',
        level: 'warning',
        what: 'Codex ignores model_providers, openai_base_url in the configuration of a project',
        where: `${file}, line 3`,
        todo: 'move it into your own config.toml; codex-plus init does that',
      },
    ]);
  });
});
