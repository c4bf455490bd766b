import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { chooseModel } from '../../../middleware/cli/init/choose-model.ts';
import type { InitOptions } from '../../../middleware/cli/init/init-options.ts';
import { rootDir } from '../../support/compose-middleware.ts';
import { createCliPlace, type CliPlace } from './cli-place.ts';

let place: CliPlace;

const config = `model_list:
  - { model_name: typo, litellm_params: { model: antropic/claude-sonnet-5 } }
  - { model_name: claude, litellm_params: { model: anthropic/claude-sonnet-5 } }
router_settings: { model_group_alias: { lost: nowhere } }
`;

beforeEach(() => {
  place = createCliPlace();
  place.write({ 'litellm_config.yaml': config });
});

afterEach(() => {
  place.remove();
});

function choose(options: Partial<InitOptions>, more: Readonly<Record<string, string>> = {}) {
  const env = { ...place.env, CODEX_PLUS_LITELLM_CONFIG: join(place.root, 'litellm_config.yaml'), ...more };
  const context = { rootDir, cwd: place.project, home: place.home, env, isInteractive: false };
  const { stdin, stdout, stderr } = process;
  const file = join(place.home, 'config.toml');
  return chooseModel({ ...context, stdin, stdout, stderr }, { codex: true, yes: true, ...options }, file);
}

test('[CFG-4] init takes no name by itself that nothing answers for', async () => {
  expect(await choose({})).toBe('claude');
});

test('[CFG-4] init says why a name is refused that nothing answers for, and which are answered', async () => {
  await expect(choose({ model: 'typo' })).rejects.toThrow(
    'nothing answers for "typo": LiteLLM knows no provider "antropic", see codex-plus litellm check; there are claude',
  );
  await expect(choose({ model: 'lost' })).rejects.toThrow('there is no model "lost"; there are claude');
  expect(await choose({ model: 'claude' })).toBe('claude');
});

test('[CFG-4] without LiteLLM init takes the names that a provider itself answers for', async () => {
  const off = { CODEX_PLUS_LITELLM_MODE: 'off' };
  place.write({ 'codex_plus.json': { providers: [{ name: 'openai' }] } });
  expect(await choose({}, off)).toBeUndefined();
  await expect(choose({ model: 'claude' }, off)).rejects.toThrow('there is no model "claude"');
  place.write({ 'codex_plus.json': { providers: [{ name: 'anthropic' }] } });
  expect(await choose({}, off)).toBe('claude');
});
