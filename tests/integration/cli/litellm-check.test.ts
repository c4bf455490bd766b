import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createScriptPlace, type ScriptPlace } from './script-place.ts';

// Every call starts two Nodes.
jest.setTimeout(60_000);

let place: ScriptPlace;
let file: string;

beforeAll(async () => {
  place = await createScriptPlace();
  file = join(place.folder, 'litellm_config.yaml');
});

afterAll(async () => {
  await place.remove();
});

async function check(config: string, args: readonly string[] = []): ReturnType<ScriptPlace['run']> {
  await writeFile(file, config);
  return place.run(['litellm', 'check', ...args], { CODEX_PLUS_LITELLM_CONFIG: file });
}

const sound = `model_list:
  - model_name: gpt-5
    litellm_params: { model: openai/gpt-5, api_key: os.environ/OPENAI_API_KEY }
router_settings:
  model_group_alias: { high: gpt-5 }
`;

describe('codex-plus litellm check', () => {
  test('a sound file has its models told, and ends with 0 [CFG-4]', async () => {
    expect(await check(sound)).toEqual({
      exitCode: 0,
      stdout: `${file} is sound\nmodels: gpt-5, high\n`,
      stderr: '',
    });
    const { stdout } = await check(sound, ['--json']);
    expect(JSON.parse(stdout)).toEqual({ file, models: ['gpt-5', 'high'], warnings: [] });
  });

  test('a key that is not set is a warning [CFG-4]', async () => {
    const { exitCode, stdout } = await check(sound.replace('OPENAI_API_KEY', 'NO_SUCH_KEY'), ['--json']);
    expect(exitCode).toBe(0);
    const { warnings } = JSON.parse(stdout) as { readonly warnings: readonly string[] };
    expect(warnings).toEqual([expect.stringContaining('the environment variable NO_SUCH_KEY is not set')]);
  });

  test('a name without a provider that LiteLLM knows is no model, and is told [CFG-4]', async () => {
    const entry = '  - model_name: claude\n    litellm_params: { model: anthropik/claude-sonnet-4-5 }\n';
    const aliases = '{ high: gpt-5, opus: claude }';
    const config = sound.replace('router', `${entry}router`).replace('{ high: gpt-5 }', aliases);
    const { exitCode, stdout } = await check(config);
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')).toEqual([
      `${file} has no faults, and 1 warning`,
      'models: gpt-5, high',
      expect.stringMatching(
        /^warning: \S+, line 4: "claude" cannot be called by this entry: LiteLLM knows no provider "anthropik" \(anthropik\/claude-sonnet-4-5\); did you mean "anthropic"\?$/,
      ),
      '',
    ]);
  });

  test('an alias that leads nowhere is no model, and is told; a hidden one is one [CFG-4]', async () => {
    const aliases = '{ high: gpt-5, higher: high, gone: nobody, quiet: { model: gpt-5, hidden: true } }';
    const { stdout } = await check(sound.replace('{ high: gpt-5 }', aliases));
    expect(stdout.split('\n')).toEqual([
      `${file} has no faults, and 2 warnings`,
      'models: gpt-5, high',
      'not listed by LiteLLM, and callable: quiet',
      expect.stringMatching(
        /line 5: the alias "higher" points to "high", another alias, and LiteLLM follows one alone: point it to "gpt-5"; calls of it are refused$/,
      ),
      expect.stringMatching(
        /line 5: the alias "gone" points to "nobody", which no entry of model_list has; /,
      ),
      '',
    ]);
  });

  test('of two deployments the one without its key is told to rest [CFG-4]', async () => {
    const twice = sound.replace(
      'router_settings:\n',
      '  - { model_name: gpt-5, litellm_params: { model: azure/five, api_key: os.environ/NO_SUCH_KEY } }\nrouter_settings:\n  optional_pre_call_checks: [session_affinity]\n',
    );
    const { stdout } = await check(twice, ['--json']);
    expect((JSON.parse(stdout) as { warnings: unknown }).warnings).toEqual([
      expect.stringMatching(
        /litellm_config\.yaml, line 4: "gpt-5" is answered by its other deployments alone: azure\/five rests until the environment variable NO_SUCH_KEY is set$/,
      ),
    ]);
  });

  test('a fault has its line, and ends with 1 [CFG-4]', async () => {
    const { exitCode, stdout, stderr } = await check('model_list:\n  - model_name: [\n', ['--json']);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/litellm_config\.yaml, line 3, column 1: .+\n$/);
  });

  test('a file that is not there is a fault [CFG-4]', async () => {
    const missing = { CODEX_PLUS_LITELLM_CONFIG: join(place.folder, 'none.yaml') };
    const { exitCode, stderr } = await place.run(['litellm', 'check'], missing);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('none.yaml is missing or cannot be read');
  });
});
