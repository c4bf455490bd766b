import { describe, expect, test } from '@jest/globals';
import {
  allow,
  ask,
  call,
  deny,
  eventsOf,
  finalResponse,
  text,
  useCheckedBench,
  type Json,
  type Verdict,
} from '../../support/checked-bench.ts';
import { streams, type Item } from '../../support/fake-upstream/step.ts';

const bench = useCheckedBench();

const patch = '*** Begin Patch\n*** Add File: a.txt\n+x\n*** End Patch';
const patching: Item = { kind: 'custom', name: 'apply_patch', input: patch, callId: 'c1' };
const grouped: Item = { kind: 'call', name: 'run', namespace: 'mcp__srv', arguments: { a: 1 }, callId: 'c2' };

function changed(updatedInput: Json): Verdict {
  return { kind: 'allow', updatedInput };
}

/** The items of the model's conversation, as the Responses API writes them. */
function inputOf(index: number): readonly Json[] {
  return bench.upstream.requests[index]?.json?.['input'] as readonly Json[];
}

describe('a call in its exact kind', () => {
  test('a custom call and one of a group stay what they are when they are changed [HK-2]', async () => {
    bench.middleware.use({
      mayConcern: (tool) => tool === 'Write' || tool === 'mcp__srv__run',
      check: ({ kind }) =>
        Promise.resolve(changed(kind === 'custom' ? { file_path: '/shop/a.txt', content: 'y\n' } : { a: 2 })),
    });
    bench.answers([patching, grouped]);
    const answer = await ask(bench, 'responses');
    const events = eventsOf(answer);
    const done = events.filter(({ type }) => type === 'response.output_item.done').map(({ item }) => item);
    const items = [
      { type: 'custom_tool_call', name: 'apply_patch', input: patch.replace('+x', '+y') },
      { type: 'function_call', namespace: 'mcp__srv', name: 'run', arguments: '{"a":2}' },
    ];
    expect(done).toMatchObject(items);
    expect(finalResponse(answer)).toMatchObject({ output: items });
    const pieces = events.map(({ type }) => String(type)).filter((type) => /input|arguments/.test(type));
    expect(pieces).toEqual([
      'response.custom_tool_call_input.delta',
      'response.custom_tool_call_input.done',
      'response.function_call_arguments.delta',
      'response.function_call_arguments.done',
    ]);
  });

  test('a refused custom call has an output of its kind [HK-2]', async () => {
    bench.middleware.use({
      mayConcern: (tool) => tool === 'Write',
      check: () => Promise.resolve(deny('no')),
    });
    bench.answers([patching], [text('Bye.')]);
    await ask(bench, 'responses');
    expect(inputOf(1).at(-1)).toEqual({ type: 'custom_tool_call_output', call_id: 'c1', output: 'no' });
  });

  test.each([
    [
      { type: 'shell_call', call_id: 'c1', action: { commands: ['rm x'] } },
      {
        type: 'shell_call_output',
        call_id: 'c1',
        output: [{ stdout: '', stderr: 'no', outcome: { type: 'exit', exit_code: 1 } }],
      },
    ],
    [
      { type: 'local_shell_call', call_id: 'c1', action: { type: 'exec', command: ['rm', 'x'] } },
      { type: 'local_shell_call_output', id: 'c1', output: 'no' },
    ],
    [
      { type: 'apply_patch_call', call_id: 'c1', operation: { type: 'delete_file', path: 'x' } },
      { type: 'apply_patch_call_output', call_id: 'c1', status: 'failed', output: 'no' },
    ],
  ])('tools that the API itself knows are checked and refused as well: %j [HK-2]', async (item, output) => {
    bench.middleware.use({
      mayConcern: (tool) => tool === 'Bash' || tool === 'Edit',
      check: () => Promise.resolve(deny('no')),
    });
    const frames = [
      { type: 'response.output_item.done', item },
      { type: 'response.completed', response: { id: 'r' } },
    ].map((event) => `data: ${JSON.stringify(event)}\n\n`);
    bench.upstream.use((_seen, index) =>
      index === 0 ? streams(frames) : { kind: 'answer', items: [text('Bye.')] },
    );
    const { body } = await ask(bench, 'responses');
    expect(body.toString()).not.toContain(item.type);
    // The invariants of the fake know no output that names its call otherwise.
    expect(inputOf(1).slice(-2)).toEqual([item, output]);
    bench.forgive();
  });

  test('a change that its tool has no place for is a refusal that says so [HK-2]', async () => {
    bench.middleware.use({
      mayConcern: () => true,
      check: () => Promise.resolve(changed({ command: 'ls', sudo: true })),
    });
    bench.answers([call('exec_command', 'c1', { cmd: 'ls' })], [text('Bye.')]);
    await ask(bench, 'responses');
    expect(bench.sent(1).at(-1)).toEqual([
      'output',
      'c1',
      expect.stringContaining('exec_command has no place for "sudo"'),
    ]);
  });

  test('an input that is no JSON is refused unseen, for nobody knows what a client would read in it [HK-2]', async () => {
    bench.decide({ rm: () => Promise.reject(new Error('must not be asked')) });
    const item = { type: 'function_call', name: 'rm', call_id: 'c1', arguments: '{"path":"/"' };
    const frames = [
      { type: 'response.output_item.done', item },
      { type: 'response.completed', response: { id: 'r' } },
    ].map((event) => `data: ${JSON.stringify(event)}\n\n`);
    bench.upstream.use((_seen, index) =>
      index === 0 ? streams(frames) : { kind: 'answer', items: [text('Bye.')] },
    );
    const { body } = await ask(bench, 'responses');
    expect(body.toString()).toContain('Bye.');
    expect(inputOf(1).at(-1)?.['output']).toContain('not valid JSON');
  });

  test('while the client has something else to do, the model is not called again [HK-2]', async () => {
    bench.decide({ rm: deny('no') });
    const output = [
      { type: 'tool_search_call', id: 't1', call_id: 's1', execution: 'client', arguments: {} },
      { type: 'function_call', id: 'f1', call_id: 'c1', name: 'rm', arguments: '{}' },
    ];
    const events = [
      ...output.map((item, index) => ({ type: 'response.output_item.done', output_index: index, item })),
      { type: 'response.completed', response: { id: 'r', output } },
    ];
    bench.upstream.use(() => streams(events.map((event) => `data: ${JSON.stringify(event)}\n\n`)));
    const answer = await ask(bench, 'responses');
    expect(finalResponse(answer)['output']).toEqual([output[0]]);
    expect(bench.upstream.requests).toHaveLength(1);
  });
});

describe('what the provider keeps', () => {
  test('a conversation of its own gets the outputs alone: it has the calls already [HK-2]', async () => {
    bench.decide({ rm: deny('no') });
    bench.answers([call('rm', 'c1')], [text('Bye.')]);
    await ask(bench, 'responses', { conversation: 'conv_1' });
    expect(inputOf(1)).toEqual([{ type: 'function_call_output', call_id: 'c1', output: 'no' }]);
    bench.forgive();
  });

  test('without a store, reasoning that is not sealed does not go up again [HK-2]', async () => {
    bench.decide({ rm: deny('no') });
    bench.answers([{ kind: 'reasoning', text: 'x', seal: '' }, call('rm', 'c1')], [text('Bye.')]);
    await ask(bench, 'responses', { store: false });
    expect(inputOf(1).map(({ type }) => type)).toEqual([undefined, 'function_call', 'function_call_output']);
  });

  /** Goes on from an answer by its id, as a client does that leaves the conversation to the provider. */
  async function goOn(from: unknown, input: unknown): Promise<Json> {
    const answer = await ask(bench, 'responses', { previous_response_id: from, input });
    // The fake does not know what a provider keeps.
    bench.forgive();
    return finalResponse(answer);
  }

  test('a client that goes on by an id gets on from the round that the provider knows last [HK-2]', async () => {
    bench.decide({ rm: deny('no'), ls: allow });
    bench.answers([call('rm', 'c1')], [call('rm', 'c2'), call('ls', 'c3')], [text('Bye.')]);
    const first = finalResponse(await ask(bench, 'responses'));
    expect(first['id']).toBe('resp_scripted');
    await goOn(first['id'], [{ type: 'function_call_output', call_id: 'c3', output: 'files' }]);
    expect(bench.upstream.requests[2]?.json).toMatchObject({ previous_response_id: 'resp_scripted_1' });
    expect(inputOf(2)).toEqual([
      { type: 'function_call_output', call_id: 'c2', output: 'no' },
      { type: 'function_call_output', call_id: 'c3', output: 'files' },
    ]);
  });

  test.each([
    ['y', undefined],
    ['n', 'STOP'],
    ['rather not', 'To tell you how to proceed'],
  ])('and answers a question the same way: %s [HK-2]', async (word, refusal) => {
    const question = 'Run it?\n\nAllow? (Y)es/(N)o/(A)lways';
    bench.decide({ rm: { kind: 'ask', question, answered: () => Promise.resolve() }, no: deny('no') });
    bench.answers([call('no', 'c1'), call('rm', 'c2')], [text('Bye.')]);
    const first = finalResponse(await ask(bench, 'responses'));
    const second = await goOn(first['id'], word);
    if (refusal === undefined) {
      expect(second['output']).toMatchObject([{ type: 'function_call', name: 'rm', call_id: 'c2' }]);
      await goOn(second['id'], [{ type: 'function_call_output', call_id: 'c2', output: 'gone' }]);
    }
    expect(bench.upstream.requests).toHaveLength(2);
    expect(bench.upstream.requests[1]?.json).toMatchObject({ previous_response_id: 'resp_scripted' });
    const output = refusal === undefined ? 'gone' : (expect.stringContaining(refusal) as unknown);
    expect(inputOf(1)).toEqual([
      { type: 'function_call_output', call_id: 'c1', output: 'no' },
      { type: 'function_call_output', call_id: 'c2', output },
      ...(word === 'rather not' ? [{ role: 'user', content: word }] : []),
    ]);
  });
});
