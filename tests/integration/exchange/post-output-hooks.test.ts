import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { codexTurn, user } from '../../support/codex-turns.ts';
import { calls, says, streams } from '../../support/fake-upstream/step.ts';
import { useHookBench } from '../../support/hook-bench.ts';
import { callRaw } from '../../support/raw-client.ts';
import { until } from '../../support/until.ts';
import { lookedAgain } from '../../support/test-clock.ts';

const bench = useHookBench();
const shout = 'tr a-z A-Z';

interface Event {
  readonly type?: string;
  readonly delta?: string;
  readonly text?: string;
  readonly item?: { readonly content?: readonly { readonly text: string }[] };
  readonly response?: { readonly output?: readonly unknown[] };
}

function eventsOf(body: string): readonly Event[] {
  return [...body.matchAll(/^data: (\{.*)$/gm)].map(([, json = '']) => JSON.parse(json) as Event);
}

/** The answer to a prompt, streamed. */
async function answer(): Promise<string> {
  return bench.turn([user('hi', 'm1')], {}, true);
}

describe('a post_output script', () => {
  test('makes another text of the answer, and every event that says it says the same [HK-6]', async () => {
    await bench.file('home/.claude/hooks/post_output.sh', shout);
    bench.upstream.use(() => says('hello, world and all'));
    const events = eventsOf(await answer());
    const deltas = events.filter(({ type }) => type === 'response.output_text.delta');
    expect(deltas.map(({ delta }) => delta).join('')).toBe('HELLO, WORLD AND ALL');
    const [done] = events.filter(({ type }) => type === 'response.output_item.done');
    expect(done?.item?.content?.[0]?.text).toBe('HELLO, WORLD AND ALL');
    expect(JSON.stringify(events.at(-1)?.response?.output)).toContain('HELLO, WORLD AND ALL');
    expect(JSON.stringify(events)).not.toContain('hello');
  });

  test('streams: a line is with the client before the model says the next [HK-6]', async () => {
    await bench.file(
      'home/.claude/hooks/post_output.py',
      'import sys\nfor line in sys.stdin: print(line.upper(), end="", flush=True)',
    );
    const delta = (text: string): string =>
      `data: ${JSON.stringify({ type: 'response.output_text.delta', item_id: 'i', output_index: 0, content_index: 0, delta: text })}\n\n`;
    // The model stops in the middle: what is there by then has come through.
    bench.upstream.use(() => streams([delta('one\n'), delta('tw')], { then: 'silence' }));
    const response = await fetch(`http://127.0.0.1:${bench.middleware.port}/v1/responses`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-codex-plus-workspace': bench.workspace },
      body: JSON.stringify({ model: 'gpt-5', input: 'hi', stream: true }),
    });
    const reader = response.body!.getReader();
    const first = await reader.read();
    expect(eventsOf(Buffer.from(first.value).toString())).toMatchObject([{ delta: 'ONE\n' }]);
    await reader.cancel();
  });

  test('works for the other APIs, and without a stream [HK-6]', async () => {
    await bench.file('home/.claude/hooks/post_output.sh', shout);
    const headers = ['x-codex-plus-workspace', bench.workspace];
    const message = { role: 'user', content: 'hi' };
    for (const [path, more] of [
      ['/v1/chat/completions', { messages: [message] }],
      ['/v1/messages', { messages: [message], max_tokens: 9 }],
      ['/v1/responses', { input: 'hi' }],
    ] as const) {
      for (const stream of [true, false]) {
        const body = JSON.stringify({ model: 'm', stream, ...more });
        const text = (await callRaw(bench.middleware.port, { path, headers, body })).body.toString();
        expect(text).toContain('HELLO');
        expect(text).not.toContain('hello');
      }
    }
  });

  test('leaves calls, and answers without a text, as their bytes [HK-6] [PX-2]', async () => {
    bench.upstream.use(() => calls('x', { a: 'hello' }));
    const before = await answer();
    await bench.file('home/.claude/hooks/post_output.sh', shout);
    lookedAgain();
    bench.upstream.forget();
    expect(await answer()).toBe(before);
  });

  test('that fails is reported, and the text goes on as it is; the project’s own waits for trust [HK-6] [HK-3]', async () => {
    await bench.file('home/.claude/hooks/post_output.sh', 'exit 3');
    await bench.file('project/.claude/hooks/post_output.sh', shout);
    const input = [user('hi', 'm1')];
    const text = await codexTurn(bench.middleware.port, {
      ...{ session: 's1', workspace: bench.workspace, input, stream: true },
      metadata: { turn_trigger: 'exec' },
    });
    expect(text).toContain('hello');
    const log = JSON.stringify(bench.middleware.lines);
    expect(log).toContain('post_output hook [post_output.sh] failed');
    expect(log).toContain('codex-plus trust add');

    bench.session = 's2';
    const asked = JSON.parse(await bench.turn(input)) as { output: Readonly<Record<string, unknown>>[] };
    expect(JSON.stringify(asked)).toContain('wants to run a hook for every answer');
    const answered = await bench.turn([...input, ...asked.output, user('yes', 'm2')], {}, true);
    expect(answered).toContain('HELLO');
  });

  test('of the project runs for each text of an answer, and leaves no copies, also where none starts [HK-6] [HK-3]', async () => {
    await bench.file('project/.claude/hooks/post_output.sh', shout);
    const input = [user('hi', 'm1')];
    const asked = JSON.parse(await bench.turn(input)) as { output: Readonly<Record<string, unknown>>[] };
    const texts = ['one', 'two', 'three'].map((text) => ({ kind: 'text', text }) as const);
    bench.upstream.use((_seen, index) =>
      index === 0 ? { kind: 'answer', items: texts } : calls('exec_command', { cmd: 'ls' }),
    );
    for (const stream of [true, false]) {
      bench.upstream.forget();
      const answered = await bench.turn([...input, ...asked.output, user('always', 'm2')], {}, stream);
      for (const text of ['ONE', 'TWO', 'THREE']) expect(answered).toContain(text);
    }
    await bench.turn([user('more', 'm3')], {}, true);
    const copies = join(bench.folder, 'state', 'hook-copies');
    await until(async () => (await readdir(copies)).length === 0);
    const problems = bench.middleware.lines.filter(({ problem }) => problem !== undefined);
    expect(problems).toEqual([]);
  });
});
