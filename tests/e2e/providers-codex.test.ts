import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Item } from '../support/fake-upstream/step.ts';
import { makeCodexHome, pointedAt, type CodexRun } from '../support/run-codex.ts';
import { sparePort } from '../support/spare-port.ts';
import { startMiddleware, type RunningMiddleware } from '../support/start-middleware.ts';
import { startStrictProviders, type StrictProviders } from '../support/strict/strict-providers.ts';

const twoMinutes = 120_000;

const thinks = (text: string): Item => ({ kind: 'reasoning', text, seal: '' });
const says = (text: string): Item => ({ kind: 'text', text });
const runs = (cmd: string): Item => ({ kind: 'call', name: 'exec_command', arguments: { cmd }, callId: '' });
const patches = (path: string, line: string): Item => {
  const input = `*** Begin Patch\n*** Add File: ${path}\n+${line}\n*** End Patch`;
  return { kind: 'custom', name: 'apply_patch', input, callId: '' };
};
const looksAt = (path: string): Item => ({
  kind: 'call',
  name: 'view_image',
  arguments: { path },
  callId: '',
});

const oddLine = 'before\u2028after\u2029 "q" \\n \\u2028 \t 🎉 Grüße \u0085 <&>\'=';
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg==',
  'base64',
);

/** LiteLLM's entry of each model, with the address of the strict providers. */
function litellmConfig(url: string): string {
  const entries = [
    ['claude', `anthropic/claude-sonnet-5, api_base: '${url}'`],
    ['claude-budget', `anthropic/claude-sonnet-4-5, api_base: '${url}'`],
    ['gemini', `gemini/gemini-3.1-pro-preview, api_base: '${url}'`],
    ['deepseek', `deepseek/deepseek-reasoner, api_base: '${url}/deepseek'`],
    ['chat', `openai/my-own, api_base: '${url}/v1', use_chat_completions_api: true`],
    ['openai', `openai/gpt-5, api_base: '${url}/v1'`],
  ];
  return `model_list:
${entries.map(([name, rest]) => `  - model_name: ${name}\n    litellm_params: { model: ${rest}, api_key: sk-made-up }\n`).join('')}
litellm_settings: { drop_params: true, modify_params: true }
general_settings: { master_key: os.environ/LITELLM_MASTER_KEY }
`;
}

interface Session extends Awaited<ReturnType<typeof makeCodexHome>> {
  readonly turn: (model: string, prompt: string) => Promise<CodexRun>;
}

describe('the real Codex CLI through the real LiteLLM on providers as strict as the real ones', () => {
  let providers: StrictProviders;
  let middleware: RunningMiddleware;
  /** What Codex is told of the models. */
  let catalog: string;

  beforeAll(async () => {
    providers = await startStrictProviders();
    middleware = await startMiddleware({
      upstreamUrl: providers.url,
      litellmPort: await sparePort(),
      litellmConfig: litellmConfig(providers.url),
    });
    await middleware.untilLitellmIs('ready');
    catalog = await (await fetch(`${middleware.url}/v1/models?client_version=0.169.0`)).text();
  }, twoMinutes);

  afterAll(async () => {
    await middleware.stop();
    await providers.close();
  }, twoMinutes);

  afterEach(() => {
    providers.forget();
  });

  /** A new session; each turn is a process of its own that resumes it. */
  const startSession = async (): Promise<Session> => {
    const codex = await makeCodexHome({ 'models.json': catalog });
    await writeFile(join(codex.workspace, 'dot.png'), png);
    const known = ['-c', `model_catalog_json=${JSON.stringify(join(codex.home, 'models.json'))}`];
    let thread = '';
    return {
      ...codex,
      turn: async (model, prompt) => {
        const resumed = thread === '' ? [] : ['resume', thread];
        const args = [...pointedAt(middleware.url), ...known, '--model', model, ...resumed, prompt];
        const run = await codex.exec(args);
        thread = run.threadId;
        return run;
      },
    };
  };

  test.each(['claude', 'claude-budget', 'gemini', 'deepseek', 'chat', 'openai'])(
    '[RT-4] %s: a shell, an edit, two calls at once, a picture, a long output, and all again after a resume',
    async (model) => {
      const codex = await startSession();
      providers.willAnswer(
        [thinks('First a look.'), says('I look.'), runs('echo ONE')],
        [thinks('Now the edit.'), patches('odd.txt', oddLine)],
        [thinks('Both at once.'), runs('echo TWO'), runs('echo THREE')],
        [looksAt('dot.png')],
        [thinks('A long one.'), runs('seq 1 30000')],
        [thinks('It is done.'), says('Done.')],
      );
      const first = await codex.turn(model, 'Do it.');
      expect(providers.faults).toEqual([]);
      expect(first.errors).toEqual([]);
      expect(first.messages.at(-1)).toBe('Done.');
      expect(await readFile(join(codex.workspace, 'odd.txt'), 'utf8')).toBe(`${oddLine}\n`);
      expect(first.commands.map(({ aggregated_output: output }) => output.slice(0, 6)).toSorted()).toEqual([
        '1\n2\n3\n',
        'ONE\n',
        'THREE\n',
        'TWO\n',
      ]);

      providers.willAnswer([thinks('Once more.'), runs('echo FOUR')], [says('All done.')]);
      const second = await codex.turn(model, 'Go on.');
      expect([providers.faults, second.errors]).toEqual([[], []]);
      expect(second.commands).toMatchObject([{ aggregated_output: 'FOUR\n', exit_code: 0 }]);
      expect(second.messages.at(-1)).toBe('All done.');
      await codex.remove();
    },
    twoMinutes,
  );

  test(
    '[RT-4] the model can be changed in mid-session, and each gets its own thoughts back',
    async () => {
      const codex = await startSession();
      for (const [at, model] of ['claude', 'gemini', 'openai', 'deepseek', 'claude', 'gemini'].entries()) {
        providers.willAnswer([thinks(`Thought ${at}.`), runs(`echo STEP${at}`)], [says(`Told ${at}.`)]);
        const run = await codex.turn(model, `Step ${at}.`);
        expect([model, providers.faults, run.errors, run.messages.at(-1)]).toEqual([
          model,
          [],
          [],
          `Told ${at}.`,
        ]);
        const last = providers.calls.at(-1)?.raw ?? '';
        for (let before = 0; before <= at; before += 1) {
          expect(last).toContain(`STEP${before}`);
          if (before < at) expect(last).toContain(`Told ${before}.`);
        }
      }
      await codex.remove();
    },
    twoMinutes,
  );
});
