import { describe, expect, test } from '@jest/globals';
import { user, type Item } from '../../support/codex-turns.ts';
import { calls, says, status } from '../../support/fake-upstream/step.ts';
import { useHookBench } from '../../support/hook-bench.ts';
import { callRaw } from '../../support/raw-client.ts';
import { lookedAgain } from '../../support/test-clock.ts';

const bench = useHookBench();

interface Event extends Item {
  readonly type: string;
  readonly delta?: string;
  readonly sequence_number?: number;
  readonly output_index?: number;
}

function eventsOf(body: string): readonly Event[] {
  return [...body.matchAll(/^data: (\{.*)$/gm)].map(([, json = '']) => JSON.parse(json) as Event);
}

/** A hook that is content when the model says so. */
const untilDone = (keeps: string): string =>
  `tee -a ${keeps} | grep -q 'all done' || { echo "run the tests" >&2; exit 2; }`;

const feedback = (command: string): Item => ({
  type: 'message',
  role: 'user',
  content: [{ type: 'input_text', text: `Stop hook feedback:\n[${command}]: run the tests\n` }],
});

describe('a Stop hook', () => {
  test('sends the model back to work; the client sees one answer that goes on [HK-1] [HK-2]', async () => {
    const command = untilDone(`${bench.folder}/in`);
    await bench.hooks({ Stop: command });
    bench.upstream.use((_, index) => says(index === 0 ? 'I think so.' : 'all done'));
    const events = eventsOf(await bench.turn([user('work', 'm1')], {}, true));
    expect(events.filter(({ type }) => type === 'response.created')).toHaveLength(1);
    expect(events.filter(({ type }) => type === 'response.completed')).toHaveLength(1);
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
    const done = events.filter(({ type }) => type === 'response.output_item.done');
    expect(done.map((event) => event.output_index)).toEqual([0, 1]);
    const texts = events
      .filter(({ type }) => type === 'response.output_text.delta')
      .map(({ delta }) => delta);
    expect(texts.join('')).toBe('I think so.all done');
    const completed = events.at(-1)?.['response'] as { output: unknown[]; usage: { output_tokens: number } };
    expect(completed.output).toHaveLength(2);
    expect(completed.usage.output_tokens).toBe(20);
    expect(bench.upstream.requests).toHaveLength(2);
    expect(bench.sent().at(-1)).toEqual(feedback(command));
    expect(await bench.kept('in')).toMatchObject([
      { hook_event_name: 'Stop', stop_hook_active: false, last_assistant_message: 'I think so.' },
      { stop_hook_active: true, last_assistant_message: 'all done' },
    ]);
  });

  test('is content with an answer that goes on as its bytes; calls of tools are no end [HK-1] [PX-2]', async () => {
    bench.upstream.use(() => says('all done'));
    const before = await bench.turn([user('work', 'm1')], {}, true);
    await bench.hooks({ Stop: bench.keeps('in') });
    lookedAgain();
    bench.upstream.forget();
    expect(await bench.turn([user('work', 'm1')], {}, true)).toBe(before);
    bench.upstream.use(() => calls('exec_command', { cmd: 'ls' }));
    await bench.turn([user('work', 'm1')], {}, true);
    expect(await bench.kept('in')).toHaveLength(1);
  });

  test('is not heard for ever: after eight times in a row the turn ends [HK-1]', async () => {
    await bench.hooks({ Stop: 'echo "never" >&2; exit 2' });
    const events = eventsOf(await bench.turn([user('work', 'm1')], {}, true));
    expect(events.at(-1)?.type).toBe('response.completed');
    expect(bench.upstream.requests).toHaveLength(9);
  });

  test('sends the models of the other APIs back as well [HK-1]', async () => {
    await bench.hooks({ Stop: untilDone(`${bench.folder}/in`) });
    const headers = ['x-codex-plus-workspace', bench.workspace];
    for (const [path, more] of [
      ['/v1/chat/completions', {}],
      ['/v1/messages', { max_tokens: 9 }],
    ] as const) {
      bench.upstream.forget();
      bench.upstream.use((_, index) => says(index === 0 ? 'I think so.' : 'all done'));
      const body = JSON.stringify({
        model: 'm',
        stream: true,
        messages: [{ role: 'user', content: 'work' }],
        ...more,
      });
      const text = (await callRaw(bench.middleware.port, { path, headers, body })).body.toString();
      expect(text.match(/message_stop"|\[DONE\]/g)).toHaveLength(1);
      expect(bench.upstream.requests).toHaveLength(2);
      const messages = bench.upstream.requests.at(-1)?.json?.['messages'] as Item[];
      expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
      expect(JSON.stringify(messages.at(-1))).toContain('Stop hook feedback:');
    }
  });

  test('of a subagent is another event, and its end another too [HK-1]', async () => {
    await bench.hooks({ Stop: bench.keeps('in'), SubagentStop: bench.keeps('in') });
    const agent = { thread_source: 'subagent', thread_id: 't2', subagent_kind: 'collab_spawn' };
    await bench.turn([user('task', 'm1')], agent, true);
    expect(await bench.kept('in')).toMatchObject([{ hook_event_name: 'SubagentStop', agent_id: 't2' }]);
  });

  test('counts for the turn of its own: what a subagent does in the meantime is another count [HK-1]', async () => {
    await bench.hooks({ Stop: untilDone(`${bench.folder}/in`), SubagentStop: bench.keeps('sub') });
    bench.upstream.use((_, index) =>
      index === 1 ? calls('exec_command', { cmd: 'ls' }) : says(index === 0 ? 'I think so.' : 'all done'),
    );
    const body = await bench.turn([user('work', 'm1')], {}, true);
    const { output } = eventsOf(body).at(-1)?.['response'] as { output: Item[] };
    await bench.turn([user('task', 'm1')], { thread_source: 'subagent', thread_id: 't2' }, true);
    const result = { type: 'function_call_output', call_id: 'call_1', output: 'a file' };
    await bench.turn([user('work', 'm1'), ...output, result], {}, true);
    expect(await bench.kept('in')).toMatchObject([{ stop_hook_active: false }, { stop_hook_active: true }]);
    expect(await bench.kept('sub')).toMatchObject([{ stop_hook_active: false }]);
  });

  test('is another event again after a compaction, and tells the summary [HK-1]', async () => {
    await bench.hooks({ Stop: bench.keeps('in'), PostCompact: bench.keeps('in') });
    const compaction = { request_kind: 'compaction', compaction: { trigger: 'manual' } };
    for (const stream of [true, false]) await bench.turn([user('summarize', 'm1')], compaction, stream);
    const told = { hook_event_name: 'PostCompact', trigger: 'manual', compact_summary: 'hello' };
    expect(await bench.kept('in')).toMatchObject([told, told]);
  });

  test('has its words in the same place in every later request [HK-1] [PX-2]', async () => {
    const command = untilDone(`${bench.folder}/in`);
    await bench.hooks({ Stop: command });
    bench.upstream.use((_, index) => says(index === 0 ? 'I think so.' : 'all done'));
    const events = eventsOf(await bench.turn([user('work', 'm1')], {}, true));
    const { output } = events.at(-1)?.['response'] as { output: Item[] };
    const [first, second] = output.map((item, index) => ({ ...item, id: `${String(item['id'])}_${index}` }));
    expect(first).toBeDefined();
    // The scripted model gives both messages one id; a real one does not, so the second one is renamed here.
    const sent = [user('work', 'm1'), { ...first, id: 'msg_0' }, second!, user('thanks', 'm2')];
    await bench.turn(sent);
    expect(bench.sent()).toEqual([sent[0], sent[1], feedback(command), sent[2], sent[3]]);
  });

  test('is not asked where the answer is an error, and a model that fails when it goes on ends the answer [HK-1]', async () => {
    await bench.hooks({ Stop: 'echo "more" >&2; exit 2' });
    bench.upstream.use((_, index) => (index === 0 ? says('one') : status(500, { error: { message: 'no' } })));
    const text = await bench.turn([user('work', 'm1')], {}, true);
    expect(text).toContain('one');
    expect(text).toContain('response.failed');
  });
});
