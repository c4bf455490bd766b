import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Item } from '../support/fake-upstream/step.ts';
import { makeCodexHome, pointedAt } from '../support/run-codex.ts';
import { sparePort } from '../support/spare-port.ts';
import { makeTestFolder, startMiddleware, type RunningMiddleware } from '../support/start-middleware.ts';
import { startStrictProviders, type StrictProviders } from '../support/strict/strict-providers.ts';

const twoMinutes = 120_000;

let providers: StrictProviders;
let middleware: RunningMiddleware;
let folder: string;
/** What Codex is told of the models. */
let catalog: string;

beforeAll(async () => {
  providers = await startStrictProviders();
  folder = await makeTestFolder('without-litellm');
  const base = `${providers.url}/v1`;
  const chat = { apiKeyEnv: 'A_KEY', apis: ['chat'] };
  const claudes = { claude: 'claude-sonnet-5', 'claude-budget': 'claude-sonnet-4-5' };
  const settings = {
    providers: [
      { name: 'anthropic', baseUrl: base, models: claudes },
      { ...chat, name: 'deepseek', baseUrl: `${providers.url}/deepseek`, models: { deepseek: 'reasoner' } },
      { ...chat, name: 'mine', baseUrl: base, models: { chat: 'my-own' } },
    ],
  };
  await writeFile(join(folder, 'codex_plus.json'), JSON.stringify(settings));
  const env = {
    ...{ CODEX_PLUS_CONFIG: join(folder, 'codex_plus.json'), CODEX_PLUS_LITELLM_MODE: 'off' },
    A_KEY: 'sk-real',
  };
  middleware = await startMiddleware({
    upstreamUrl: providers.url,
    litellmPort: await sparePort(),
    litellmConfig: '',
    env,
  });
  catalog = await (await fetch(`${middleware.url}/v1/models?client_version=0.169.0`)).text();
}, twoMinutes);

afterAll(async () => {
  await middleware.stop();
  await providers.close();
  await rm(folder, { recursive: true, force: true });
}, twoMinutes);

afterEach(() => {
  providers.forget();
});

const thinks = (text: string): Item => ({ kind: 'reasoning', text, seal: '' });
const says = (text: string): Item => ({ kind: 'text', text });
const runs = (cmd: string): Item => ({ kind: 'call', name: 'exec_command', arguments: { cmd }, callId: '' });
const line = 'before\u2028after "q" \\n <&>';
const patch = `*** Begin Patch\n*** Add File: odd.txt\n+${line}\n*** End Patch`;

test.each([
  ['claude', 'claude'],
  ['claude-budget', 'claude'],
  ['deepseek', 'deepseek'],
  ['chat', 'chat'],
])(
  '[RT-3] [RT-4] the real Codex works with %s where there is no LiteLLM, and goes on after a resume',
  async (model, provider) => {
    const codex = await makeCodexHome({ 'models.json': catalog });
    const known = ['-c', `model_catalog_json=${JSON.stringify(join(codex.home, 'models.json'))}`];
    providers.willAnswer(
      [thinks('First a look.'), says('I look.'), runs('echo ONE')],
      [thinks('Now the edit.'), { kind: 'custom', name: 'apply_patch', input: patch, callId: '' }],
      [thinks('Both at once.'), runs('echo TWO'), runs('echo THREE')],
      [says('Done.')],
      [thinks('Once more.'), runs('echo FOUR')],
      [says('All done.')],
    );
    const asked = [...pointedAt(middleware.url), ...known, '--model', model];
    const first = await codex.exec([...asked, 'Do it.']);
    const second = await codex.exec([...asked, 'resume', first.threadId, 'Go on.']);
    expect([providers.faults, first.errors, second.errors]).toEqual([[], [], []]);
    expect([first.messages.at(-1), second.messages.at(-1)]).toEqual(['Done.', 'All done.']);
    expect(await readFile(join(codex.workspace, 'odd.txt'), 'utf8')).toBe(`${line}\n`);
    expect(providers.calls.map((call) => call.provider)).toEqual(Array.from({ length: 6 }, () => provider));
    await codex.remove();
  },
  twoMinutes,
);
