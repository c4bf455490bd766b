import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startCodexThread } from '../support/codex-thread.ts';
import type { Item } from '../support/fake-upstream/step.ts';
import { rootDir } from '../support/compose-middleware.ts';
import { makeCodexHome, pointedAt, type CodexRun } from '../support/run-codex.ts';
import { sparePort } from '../support/spare-port.ts';
import { startMiddleware, type RunningMiddleware } from '../support/start-middleware.ts';
import { strictLitellmConfig } from '../support/strict/litellm-config.ts';
import { conversationsThatDoNotGoOn } from '../support/strict/conversations-that-do-not-go-on.ts';
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
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGM4IScHRAwQCgAfJgQRoo8irwAAAABJRU5ErkJggg==',
  'base64',
);

const models = ['claude', 'claude-budget', 'gemini', 'deepseek', 'grok', 'chat', 'openai'] as const;
const sessionFeatures = [
  'Shell calls',
  'Edits with `apply_patch`, byte for byte',
  'Two calls at once',
  'Long outputs',
  'The session is resumed',
  'Each request begins as the one before',
] as const;

/** How providers are told how long to think. */
const effortSaid = /"(?:effort|thinkingLevel|reasoning_effort)": ?"(\w+)"|"budget_tokens": ?(\d+)/;

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
      litellmConfig: strictLitellmConfig(providers.url),
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

  const post = async (path: string, body: object): Promise<{ status: number; body: unknown }> => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${middleware.url}${path}`, {
      ...{ method: 'POST', headers },
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: await answer.json() };
  };

  /** What the tests saw, for the table in docs/providers.md: a feature, and a model with what came of it. */
  const seen = new Map<string, Map<string, string>>();
  const saw = (feature: string, model: string, what = 'yes'): void => {
    seen.set(feature, (seen.get(feature) ?? new Map<string, string>()).set(model, what));
  };

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

  test.each(models)(
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
      const hasPicture = providers.calls.some(({ raw }) => raw.includes('iVBORw0KGgo'));
      expect(conversationsThatDoNotGoOn(providers.calls)).toEqual([]);
      for (const feature of sessionFeatures) saw(feature, model);
      saw('Reasoning goes back with its calls', model, model === 'chat' ? '–' : 'yes');
      saw('A picture of the workspace', model, hasPicture ? 'yes' : 'said in words');
      await codex.remove();
    },
    twoMinutes,
  );

  test.each([
    ['claude', 'OpenAI'],
    ['gemini', 'OpenAI'],
    ['deepseek', 'OpenAI'],
    ['grok', 'OpenAI'],
    ['chat', 'OpenAI'],
    ['own', 'OpenAI'],
    ['claude', 'codex-plus'],
  ])(
    '[RT-4] %s: a conversation of the provider %s is compacted, and goes on from its summary',
    async (model, provider) => {
      const codex = await makeCodexHome();
      const thread = await startCodexThread(middleware.url, codex, { model, provider });
      providers.willAnswer(
        [thinks('A look.'), runs('echo BEFORE')],
        [says('It is done.')],
        [thinks('What was it?'), says('SUMMARY of all.')],
        [thinks('Going on.'), runs(`echo AFTER ${model} ${provider}`)],
        [says('Gone on.')],
      );
      const first = await thread.say('Do it.');
      const compacted = await thread.compact();
      const asked = providers.calls.at(-1)?.raw ?? '';
      const second = await thread.say('Go on.');
      expect(providers.faults).toEqual([]);
      expect([first.status, compacted.status, second.status]).toEqual([
        'completed',
        'completed',
        'completed',
      ]);
      expect([first.messages.at(-1), second.messages.at(-1)]).toEqual(['It is done.', 'Gone on.']);
      expect(asked).toContain('BEFORE');
      // One that is called OpenAI is asked for an item that holds the summary, others are told what to write.
      expect(asked.includes('is about to be replaced by a summary')).toBe(provider === 'OpenAI');
      const last = providers.calls.at(-1)?.raw ?? '';
      expect(last).toContain('SUMMARY of all.');
      expect(last).toContain('AFTER');
      expect(last).not.toContain('BEFORE');
      // What it was summed up to is for every model to read.
      for (const other of ['openai', 'gemini']) {
        const next = await thread.say('And now?', other);
        expect([other, providers.faults, next.status]).toEqual([other, [], 'completed']);
        const { provider: called, raw } = providers.calls.at(-1) ?? {};
        expect([called, raw?.includes('SUMMARY of all.')]).toEqual([other, true]);
      }
      const how = provider === 'OpenAI' ? 'asked of the provider' : "with Codex's own prompt";
      saw(`Compaction, ${how}`, model);
      await thread.end();
      await codex.remove();
    },
    twoMinutes,
  );

  // The Codex that is tested here has no such call any more; those before it had, and SDKs have.
  test.each([...models.filter((model) => model !== 'openai'), 'own'])(
    '[PX-6] %s: a conversation is summed up at the path for it, for every model to read',
    async (model) => {
      const tools = [{ type: 'function', name: 'look', parameters: { type: 'object', properties: {} } }];
      const input = [
        { role: 'user', content: 'Do it.' },
        { type: 'function_call', call_id: 'call_0', name: 'look', arguments: '{}' },
        { type: 'function_call_output', call_id: 'call_0', output: 'BEFORE' },
      ];
      for (const more of [{ tools }, {}]) {
        providers.willAnswer([says('SUMMARY of all.')]);
        const { status, body } = await post('/v1/responses/compact', { model, input, ...more });
        const { object, output } = body as { object: unknown; output: readonly object[] };
        expect([status, object]).toEqual([200, 'response.compaction']);
        expect(output).toMatchObject([{ type: 'compaction' }]);
        expect(providers.calls.at(-1)?.raw).toContain('BEFORE');
        for (const other of [model, 'openai']) {
          const next = [...output, { role: 'user', content: 'And now?' }];
          expect((await post('/v1/responses', { model: other, input: next })).status).toBe(200);
          expect(providers.calls.at(-1)?.raw).toContain('SUMMARY of all.');
        }
      }
      providers.willAnswer([says(' ')]);
      expect(await post('/v1/responses/compact', { model, input })).toMatchObject({
        status: 502,
        body: { error: { message: 'the model gave no summary of the conversation' } },
      });
      expect(providers.faults).toEqual([]);
    },
    twoMinutes,
  );

  test('[PX-6] a model that is not there is told so at that path', async () => {
    const { status, body } = await post('/v1/responses/compact', { model: 'gone', input: 'hi' });
    expect([status, JSON.stringify(body)]).toEqual([404, expect.stringContaining('there are claude')]);
  });

  test(
    '[RT-4] the model can be changed in mid-session, and each gets its own thoughts back',
    async () => {
      const codex = await startSession();
      for (const [at, model] of [
        'claude',
        'gemini',
        'openai',
        'grok',
        'deepseek',
        'claude',
        'grok',
      ].entries()) {
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
      for (const model of ['claude', 'gemini', 'openai', 'grok', 'deepseek'])
        saw('A change to it in mid-session', model);
      await codex.remove();
    },
    twoMinutes,
  );

  test.each(models.filter((model) => model !== 'openai'))(
    '[RT-4] %s: takes whatever effort a client asks for, and runs no tool for it',
    async (model) => {
      const hosted = [
        ...[{ type: 'web_search', external_web_access: false }, { type: 'image_generation' }],
        ...[{ type: 'file_search', vector_store_ids: ['vs_1'] }, { type: 'local_shell' }],
        { type: 'code_interpreter', container: { type: 'auto' } },
        { type: 'mcp', server_label: 'docs', server_url: 'https://docs.example/mcp' },
      ];
      const look = { type: 'function', name: 'look', parameters: { type: 'object', properties: {} } };
      const got = new Set<string>();
      for (const effort of ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']) {
        const asked = {
          model,
          reasoning: { effort, summary: 'auto' },
          tools: [...hosted, look],
          input: 'go',
        };
        const { status } = await post('/v1/responses', asked);
        expect([effort, status, providers.faults]).toEqual([effort, 200, []]);
        const raw = providers.calls.at(-1)?.raw ?? '';
        const [, named = 'none', tokens] = effortSaid.exec(raw) ?? [];
        got.add(tokens ?? named);
        expect(raw).toContain('"look"');
        expect(raw).not.toMatch(/web_search|image_generation|file_search|code_interpreter|docs.example/);
      }
      saw('Effort, or tokens to think with', model, got.size === 1 ? '–' : [...got].join(', '));
    },
    twoMinutes,
  );

  test('[RT-4] docs/providers.md has what was seen here', async () => {
    const rows = [...seen].map(([feature, of]) => [feature, ...models.map((model) => of.get(model) ?? '–')]);
    const docs = await readFile(join(rootDir, 'docs', 'providers.md'), 'utf8');
    const told = docs
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
    expect(told.slice(2)).toEqual(rows);
  });
});
