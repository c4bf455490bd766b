import { describe, expect, test } from '@jest/globals';
import { checkLitellm } from '../../../middleware/cli/doctor/check-litellm.ts';
import { checkPrices } from '../../../middleware/cli/doctor/check-prices.ts';
import type { Facts } from '../../../middleware/cli/doctor/facts.ts';
import type { Finding } from '../../../middleware/cli/doctor/finding.ts';
import { modelsOf } from '../../../middleware/platform/config/litellm-config.ts';
import { soundFacts, soundHealth } from './sound-facts.ts';

const missingKey =
  'config/litellm_config.yaml, line 7: the environment variable OPENAI_API_KEY is not set: "gpt-5" cannot work without it';

function faults(facts: Facts): Finding[] {
  return checkLitellm(facts).filter(({ level }) => level !== 'ok');
}

describe('doctor on LiteLLM', () => {
  test('what the linter says has its place and its level [CFG-4]', () => {
    const litellm = {
      faults: ['config/litellm_config.yaml, line 3, column 5: is not YAML'],
      warnings: ['config/litellm_config.yaml: LiteLLM knows no section "modle_list"'],
    };
    expect(faults(soundFacts({ middleware: { health: undefined }, litellm }))).toEqual([
      {
        id: 'litellm-config',
        level: 'problem',
        what: 'is not YAML',
        where: 'config/litellm_config.yaml, line 3, column 5',
        todo: 'mend it there; `codex-plus litellm check` looks again',
      },
      {
        id: 'litellm-config',
        level: 'warning',
        what: 'LiteLLM knows no section "modle_list"',
        where: 'config/litellm_config.yaml',
        todo: 'mend it there; `codex-plus litellm check` looks again',
      },
    ]);
  });

  test('a missing key is a warning while another model has one, and a problem when none has [CFG-4]', () => {
    const health = soundHealth({ warnings: [missingKey] });
    const warning = {
      id: 'litellm-config',
      level: 'warning',
      what: 'the environment variable OPENAI_API_KEY is not set: "gpt-5" cannot work without it',
      where: 'config/litellm_config.yaml, line 7',
      todo: 'set it where you start Codex-Plus, and start it again',
    };
    const problem = {
      id: 'provider-keys',
      level: 'problem',
      what: 'no model of LiteLLM has a key',
      where: 'OPENAI_API_KEY',
      todo: 'set one of them where you start Codex-Plus, and start it again',
    };
    expect(faults(soundFacts({ middleware: { health } }))).toEqual([warning, problem]);
    // Told by the middleware as its own reason already.
    const degraded = { ...health, status: 'degraded' };
    expect(faults(soundFacts({ middleware: { health: degraded } }))).toEqual([warning]);
    const gpt = { model_name: 'gpt-5', litellm_params: { model: 'openai/gpt-5' } };
    const local = { model_name: 'llama', litellm_params: { model: 'ollama/llama3' } };
    const models = modelsOf({ model_list: [gpt, local] });
    expect(faults(soundFacts({ middleware: { health }, litellm: { models } }))).toEqual([warning]);
  });

  test('of a name with stars nothing has to be mended', () => {
    const wildcard =
      'config/litellm_config.yaml, line 7: "openai/*" is a wildcard: for models that LiteLLM does not know, streams come all at once at their end';
    const health = soundHealth({ warnings: [wildcard] });
    expect(faults(soundFacts({ middleware: { health } }))).toMatchObject([
      { todo: 'nothing, unless one of its models is to stream: write that one as an entry of its own' },
    ]);
  });

  test('with a ChatGPT login no provider key is needed [CFG-4]', () => {
    const health = soundHealth({ warnings: [missingKey] });
    const program = { version: '0.169.0', login: 'chatgpt' } as const;
    const found = faults(soundFacts({ middleware: { health }, codex: { program } }));
    expect(found.map(({ id, level }) => [id, level])).toEqual([
      ['litellm-config', 'warning'],
      ['provider-keys', 'warning'],
    ]);
  });

  test('the keys of the one that runs count, not those of this shell [CFG-4]', () => {
    const litellm = { warnings: [missingKey] };
    expect(faults(soundFacts({ middleware: { health: undefined }, litellm }))).toHaveLength(2);
    expect(faults(soundFacts({ litellm }))).toEqual([]);
  });

  test('without Python and without uv it cannot be installed [CFG-4]', () => {
    const litellm = { isInstalled: false };
    expect(faults(soundFacts({ middleware: { health: undefined }, litellm }))).toEqual([
      {
        id: 'python',
        level: 'problem',
        what: 'LiteLLM is not installed, and there is neither Python 3.10 to 3.14 nor uv on PATH',
        where: 'PATH',
        todo: 'install Python or uv, or set litellm.mode to "off"',
      },
    ]);
    const withUv = { isInstalled: false, installer: 'uv' };
    expect(faults(soundFacts({ middleware: { health: undefined }, litellm: withUv }))).toEqual([]);
  });

  test('another program on its port is named before the start fails [CFG-4]', () => {
    const portFault = 'port 4000 is in use by another program';
    expect(faults(soundFacts({ middleware: { health: undefined }, litellm: { portFault } }))).toEqual([
      {
        id: 'litellm-port',
        level: 'problem',
        what: portFault,
        where: 'litellm.url',
        todo: 'stop that program, or set CODEX_PLUS_LITELLM_URL',
      },
    ]);
  });

  for (const [state, reason, level, what] of [
    ['starting', undefined, 'warning', 'LiteLLM is starting'],
    ['installing', undefined, 'warning', 'LiteLLM is being installed or checked'],
    ['unavailable', 'no Python', 'problem', 'LiteLLM is unavailable: no Python'],
    ['backing-off', 'it ended', 'problem', 'LiteLLM is not there, is tried again: it ended'],
    ['ready', 'no YAML', 'problem', 'the last edit of its configuration is not in use: no YAML'],
  ] as const) {
    test(`"${state}"${reason === undefined ? '' : ` with "${reason}"`} is a ${level} [CFG-4]`, () => {
      const health = soundHealth({
        state,
        url: 'http://127.0.0.1:4000',
        ...(reason === undefined ? {} : { reason }),
      });
      expect(faults(soundFacts({ middleware: { health } }))).toMatchObject([
        { id: 'litellm', level, what, where: 'http://127.0.0.1:4000' },
      ]);
    });
  }

  test('an open breaker is a warning [CFG-4]', () => {
    const health = soundHealth({ breaker: 'open' });
    expect(faults(soundFacts({ middleware: { health } }))).toMatchObject([
      { id: 'litellm', level: 'warning' },
    ]);
  });

  test('what is switched off is not looked at [CFG-4]', () => {
    const litellm = { mode: 'off', isInstalled: false, portFault: 'x', faults: ['x'] } as const;
    expect(checkLitellm(soundFacts({ litellm }))).toEqual([
      { id: 'litellm', level: 'ok', what: 'LiteLLM is switched off' },
    ]);
  });

  test('models without a price are named [CFG-4]', () => {
    expect(checkPrices(soundFacts({ litellm: { unpriced: ['a', 'b'] } }))).toEqual([
      {
        id: 'prices',
        level: 'warning',
        what: 'LiteLLM has no price for a, b: budgets and metrics count them as free',
        where: 'litellm_config.yaml',
        todo: 'add input_cost_per_token and output_cost_per_token to litellm_params, unless it is free',
      },
    ]);
    expect(checkPrices(soundFacts({ litellm: { unpriced: undefined } }))).toEqual([]);
  });
});
