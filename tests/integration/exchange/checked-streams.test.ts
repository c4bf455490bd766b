import { describe, expect, test } from '@jest/globals';
import { conversationIn } from '../../support/call-clients.ts';
import {
  allow,
  ask,
  call,
  checkedApis,
  deny,
  eventsOf,
  finalResponse,
  requestTo,
  text,
  useCheckedBench,
  type Json,
} from '../../support/checked-bench.ts';
import { streams, type Item } from '../../support/fake-upstream/step.ts';
import { openRaw } from '../../support/raw-client.ts';
import { until } from '../../support/until.ts';

const bench = useCheckedBench();

const thought: Item = { kind: 'reasoning', text: 'Think.', seal: 'sealed' };

describe('a stream in which nothing is changed', () => {
  test.each(checkedApis)(
    'is the same bytes, whether its calls are held or not: %s [HK-2] [PX-2]',
    async (api) => {
      bench.answers([thought, text('One.\u2028Two.'), call('free', 'c1', { path: 'ä' }), call('ls', 'c2')]);
      bench.middleware.use(undefined);
      const untouched = await ask(bench, api);
      for (const held of ['nothing', 'ls', 'free']) {
        bench.upstream.forget();
        bench.decide({ [held]: allow });
        expect((await ask(bench, api)).body.toString()).toBe(untouched.body.toString());
      }
    },
  );

  test('is the same bytes whatever it is written with and wherever it was cut [HK-2] [PX-2]', async () => {
    const whole = Buffer.from(
      ': hello\r\n\r\ndata:{"type":"response.created","response":{"id":"r"}}\r\rdata: {"type":"odd"}\n\n' +
        'data: {"type":"response.output_item.done","item":{"type":"function_call","name":"ls","call_id":"c","arguments":"{}"}}\n\n' +
        'data: {"type":"response.completed","response":{"id":"r"}}\n\ndata: [DONE]\n\n: rest',
    );
    bench.decide({ ls: allow });
    for (let at = 1; at < whole.length; at += 7) {
      bench.upstream.use(() => streams([whole.subarray(0, at), whole.subarray(at)]));
      expect((await ask(bench, 'responses')).body.toString()).toBe(whole.toString());
    }
  });

  test('an exchange that concerns nobody keeps its answer unread [HK-2] [PX-2]', async () => {
    bench.middleware.use(undefined);
    bench.upstream.use(() => ({
      kind: 'bytes',
      headers: ['content-type', 'text/event-stream', 'content-encoding', 'gzip'],
      pieces: [Buffer.from('not even gzip')],
    }));
    expect((await ask(bench, 'responses')).body.toString()).toBe('not even gzip');
  });

  test('flows while nothing is held, and what comes behind a call waits for its verdict [HK-2]', async () => {
    let release: () => void = () => undefined;
    bench.decide({
      ls: () =>
        new Promise(
          (resolve) =>
            (release = () => {
              resolve(allow);
            }),
        ),
    });
    const item = { type: 'function_call', name: 'ls', call_id: 'c', arguments: '{}' };
    const delta = (words: string): string =>
      `data: {"type":"response.output_text.delta","output_index":0,"delta":"${words}"}\n\n`;
    const done = { type: 'response.output_item.done', output_index: 1, item };
    const held = `data: ${JSON.stringify(done)}\n\n`;
    bench.upstream.use(() => streams([delta('before'), held, delta('behind')], { then: 'silence' }));
    const socket = await openRaw(bench.middleware.port, requestTo('responses'));
    let seen = '';
    socket.on('data', (chunk: Buffer) => (seen += chunk.toString()));
    await until(() => seen.includes('before'));
    // All three frames were written at once; an answer that let them through would have them by now.
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(seen).not.toMatch(/behind|"ls"/);
    release();
    await until(() => seen.includes('behind'));
    expect(seen.indexOf('"ls"')).toBeLessThan(seen.indexOf('behind'));
    socket.destroy();
  });
});

describe('a stream in which calls are taken out', () => {
  const rounds = [
    [thought, text('I try.'), call('rm', 'c1')],
    [text('Again.'), call('rm', 'c2'), call('free', 'c3')],
  ] as const;

  test('the Responses API: begun once, numbered without gaps, ended with all items and the sum of tokens [HK-2]', async () => {
    bench.decide({ rm: deny('no') });
    bench.answers(...rounds);
    const answer = await ask(bench, 'responses');
    const events = eventsOf(answer);
    expect(events.map(({ sequence_number: number }) => number)).toEqual(events.map((_, index) => index));
    expect(events.filter(({ type }) => type === 'response.created')).toHaveLength(1);
    const added = events.filter(({ type }) => type === 'response.output_item.added');
    expect(added.map(({ output_index: index }) => index)).toEqual([0, 1, 2, 3]);
    expect(events.at(-1)).toMatchObject({
      type: 'response.completed',
      response: {
        id: 'resp_scripted',
        status: 'completed',
        output: [{ type: 'reasoning' }, { id: 'msg_1' }, { id: 'msg_0_1' }, { call_id: 'c3' }],
        usage: { input_tokens: 200, input_tokens_details: { cached_tokens: 80 }, total_tokens: 220 },
      },
    });
    expect(answer.body.toString()).not.toContain('"rm"');
    // What the model thought goes up with its call, or the provider does not take the call.
    const input = bench.upstream.requests[1]?.json?.['input'] as readonly Json[];
    expect(input.map(({ type }) => type)).toEqual([
      undefined,
      'reasoning',
      'message',
      'function_call',
      'function_call_output',
    ]);
    expect(input[1]).toMatchObject({ encrypted_content: 'sealed' });
  });

  test('the Chat Completions API: one id, one role, calls numbered from zero, one end [HK-2]', async () => {
    bench.decide({ rm: deny('no') });
    bench.answers(...rounds);
    const events = eventsOf(await ask(bench, 'chat', { stream_options: { include_usage: true } }));
    expect(new Set(events.map(({ id }) => id)).size).toBe(1);
    const choices = events.flatMap(
      ({ choices: found }) => found as { delta: Json; finish_reason: unknown }[],
    );
    expect(choices.filter(({ delta }) => 'role' in delta)).toHaveLength(1);
    const calls = choices.flatMap(({ delta }) => (delta['tool_calls'] ?? []) as readonly Json[]);
    expect(new Set(calls.map(({ index }) => index))).toEqual(new Set([0]));
    expect(choices.filter(({ finish_reason: reason }) => reason !== null)).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 200, total_tokens: 220 } });
  });

  test('the Messages API: blocks numbered without gaps, one end with the sum of tokens [HK-2]', async () => {
    bench.decide({ rm: deny('no') });
    bench.answers(...rounds);
    const events = eventsOf(await ask(bench, 'messages'));
    const starts = events.filter(({ type }) => type === 'content_block_start');
    expect(starts.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(events.filter(({ type }) => type === 'message_start')).toHaveLength(1);
    expect(events.at(-2)).toMatchObject({
      delta: { stop_reason: 'tool_use' },
      usage: { input_tokens: 120, cache_read_input_tokens: 80, output_tokens: 20 },
    });
    const messages = bench.upstream.requests[1]?.json?.['messages'] as readonly { content: Json[] }[];
    expect(messages[1]?.content[0]).toEqual({
      type: 'thinking',
      thinking: 'Think.',
      signature: 'sealed',
    });
    expect(conversationIn({ messages: messages.slice(1) })).toEqual([
      ['text', 'I try.'],
      ['call', 'rm', {}, 'c1'],
      ['output', 'c1', 'no'],
    ]);
  });

  test('a call of which a stream has only its end is taken out of that [HK-2]', async () => {
    bench.decide({ rm: deny('no') });
    const output = [
      { type: 'message', id: 'm', role: 'assistant', content: [{ type: 'output_text', text: 'x' }] },
      { type: 'function_call', id: 'f', name: 'rm', call_id: 'c1', arguments: '{}' },
    ];
    const completed = { type: 'response.completed', response: { id: 'r', output } };
    bench.upstream.use((_seen, index) =>
      index === 0
        ? streams([`data: ${JSON.stringify(completed)}\n\n`])
        : { kind: 'answer', items: [text('Bye.')], turn: index },
    );
    const answer = await ask(bench, 'responses');
    expect(answer.body.toString()).not.toContain('"rm"');
    expect(finalResponse(answer)).toMatchObject({ output: [{ id: 'm' }, { id: 'msg_0_1' }] });
  });

  test('a call that gets its name only at its end is held from its beginning [HK-2]', async () => {
    bench.decide({ rm: deny('no') });
    const item = { type: 'function_call', id: 'f1', call_id: 'c1', name: 'rm', arguments: '{}' };
    const events = [
      { type: 'response.output_item.added', output_index: 0, item: { ...item, name: '', arguments: '' } },
      { type: 'response.output_item.done', output_index: 0, item },
      { type: 'response.completed', response: { id: 'r', output: [item] } },
    ];
    bench.upstream.use((_seen, index) =>
      index === 0
        ? streams(events.map((event) => `data: ${JSON.stringify(event)}\n\n`))
        : { kind: 'answer', items: [text('Bye.')] },
    );
    const { body } = await ask(bench, 'responses');
    expect(body.toString()).toContain('Bye.');
    expect(body.toString()).not.toContain('function_call');
  });

  test('calls that were cut off never reach the client, and the model is not called again [HK-2]', async () => {
    bench.decide({ rm: allow });
    const cut = { index: 0, id: 'c1', type: 'function', function: { name: 'rm', arguments: '{"path":"/"' } };
    const chunk = (delta: object, reason: string | null): string =>
      `data: ${JSON.stringify({ id: 'x', choices: [{ index: 0, delta, finish_reason: reason }] })}\n\n`;
    const begun = chunk({ role: 'assistant', tool_calls: [cut] }, null);
    bench.upstream.use(() => streams([begun, chunk({}, 'length'), 'data: [DONE]\n\n']));
    const { body } = await ask(bench, 'chat');
    expect(body.toString()).not.toContain('"rm"');
    expect(body.toString()).toContain('"length"');
    expect(bench.upstream.requests).toHaveLength(1);
  });

  test('a call that an answer breaks off in is taken out, and what came behind it goes on [HK-2]', async () => {
    bench.decide({ rm: allow });
    const item = { type: 'function_call', id: 'f', name: 'rm', call_id: 'c1', arguments: '{"path":"/"' };
    const events = [
      { type: 'response.output_item.added', output_index: 0, item: { ...item, arguments: '' } },
      { type: 'response.function_call_arguments.delta', output_index: 0, delta: '{"path":"/"' },
      { type: 'odd', output_index: 1 },
      { type: 'response.incomplete', response: { id: 'r', status: 'incomplete', output: [item] } },
    ];
    bench.upstream.use(() => streams(events.map((event) => `data: ${JSON.stringify(event)}\n\n`)));
    expect(eventsOf(await ask(bench, 'responses'))).toEqual([
      { type: 'odd', output_index: 0 },
      { type: 'response.incomplete', response: { id: 'r', status: 'incomplete', output: [] } },
    ]);
  });

  test('a chunk that says everything at once, as some providers write it, is taken apart [HK-2]', async () => {
    bench.decide({ rm: deny('no') });
    const calls = ['rm', 'free'].map((name, index) => ({
      index,
      id: `c${index}`,
      type: 'function',
      function: { name, arguments: '{}' },
    }));
    const delta = { role: 'assistant', content: 'Both.', tool_calls: calls };
    const chunk = { id: 'x', choices: [{ index: 0, delta, finish_reason: 'tool_calls' }] };
    bench.upstream.use(() => streams([`data: ${JSON.stringify(chunk)}\n\n`]));
    const deltas = eventsOf(await ask(bench, 'chat'))
      .flatMap(({ choices }) => choices as readonly { delta: Json }[])
      .map((choice) => choice.delta);
    expect(deltas.map(({ content }) => content).filter(Boolean)).toEqual(['Both.']);
    expect(deltas.flatMap(({ tool_calls: found }) => found ?? [])).toEqual([
      { index: 0, id: 'c1', type: 'function', function: { name: 'free', arguments: '{}' } },
    ]);
  });
});
