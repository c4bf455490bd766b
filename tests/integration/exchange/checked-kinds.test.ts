import { describe, expect, test } from '@jest/globals';
import {
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

  /** Has the model answer with an item, and then say something. */
  function answersWith(item: Json): void {
    const frames = [
      { type: 'response.output_item.done', item },
      { type: 'response.completed', response: { id: 'r' } },
    ].map((event) => `data: ${JSON.stringify(event)}\n\n`);
    bench.upstream.use((_seen, index) =>
      index === 0 ? streams(frames) : { kind: 'answer', items: [text('Bye.')], turn: index },
    );
  }

  const why = { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'no' }] };
  const screenshot = {
    type: 'computer_screenshot',
    image_url: expect.stringMatching(/^data:image\/png;base64,/) as unknown,
  };
  const caller = { type: 'program', caller_id: 'p1' };
  const delegated = { type: 'shell_call', call_id: 'c1', caller, action: { commands: ['rm x'] } };

  test.each<[tool: string, item: Json & { readonly type: string }, outputs: readonly Json[]]>([
    [
      'Bash',
      delegated,
      [
        {
          ...{ type: 'shell_call_output', call_id: 'c1', caller },
          output: [{ stdout: '', stderr: 'no', outcome: { type: 'exit', exit_code: 1 } }],
        },
      ],
    ],
    [
      'Bash',
      { type: 'local_shell_call', call_id: 'c1', action: { type: 'exec', command: ['rm', 'x'] } },
      [{ type: 'local_shell_call_output', id: 'c1', output: 'no' }],
    ],
    [
      'Edit',
      { type: 'apply_patch_call', call_id: 'c1', operation: { type: 'delete_file', path: 'x' } },
      [{ type: 'apply_patch_call_output', call_id: 'c1', status: 'failed', output: 'no' }],
    ],
    [
      'computer',
      { type: 'computer_call', call_id: 'c1', action: { type: 'wait' }, pending_safety_checks: [] },
      [{ type: 'computer_call_output', call_id: 'c1', output: screenshot }, why],
    ],
    [
      'computer',
      { type: 'computer_call', call_id: 'c1', actions: [], pending_safety_checks: [{ id: 's1' }] },
      [
        {
          ...{ type: 'computer_call_output', call_id: 'c1', output: screenshot },
          acknowledged_safety_checks: [{ id: 's1' }],
        },
        why,
      ],
    ],
    [
      'tool_search',
      { type: 'tool_search_call', call_id: 'c1', execution: 'client', arguments: { query: 'x' } },
      [
        {
          ...{ type: 'tool_search_output', call_id: 'c1', execution: 'client', status: 'completed' },
          tools: [],
        },
        why,
      ],
    ],
    [
      'mcp__the_docs__write',
      { type: 'mcp_approval_request', id: 'c1', server_label: 'the docs', name: 'write', arguments: '{}' },
      [{ type: 'mcp_approval_response', approval_request_id: 'c1', approve: false, reason: 'no' }],
    ],
  ])(
    'what the API itself knows is checked as %s, and refused in its kind: %j [HK-2]',
    async (tool, item, outputs) => {
      bench.middleware.use({
        mayConcern: (name) => name === tool,
        check: () => Promise.resolve(deny('no')),
      });
      answersWith(item);
      const { body } = await ask(bench, 'responses');
      expect(body.toString()).not.toContain(item.type);
      expect(body.toString()).toContain('Bye.');
      expect(inputOf(1).slice(1)).toEqual([item, ...outputs]);
      // The invariants of the fake know no output that names its call otherwise.
      bench.forgive();
    },
  );

  test.each([
    {
      type: 'shell_call',
      call_id: 'c1',
      action: { commands: ['x'] },
      environment: { type: 'container_reference' },
    },
    { type: 'tool_search_call', call_id: null, execution: 'server', arguments: {} },
    { type: 'web_search_call', id: 'w1', action: { type: 'search', query: 'x' } },
    { type: 'file_search_call', id: 'w1', queries: ['x'] },
    { type: 'code_interpreter_call', id: 'w1', code: 'x' },
    { type: 'image_generation_call', id: 'w1', result: 'x' },
    { type: 'mcp_call', id: 'w1', server_label: 'docs', name: 'write', arguments: '{}' },
    { type: 'program', id: 'w1', call_id: 'c1', code: 'x', fingerprint: 'f' },
  ])('what the provider runs itself is none of ours: %j [HK-2]', async (item) => {
    bench.middleware.use({
      mayConcern: () => true,
      check: () => Promise.reject(new Error('must not be asked')),
    });
    answersWith(item);
    expect(eventsOf(await ask(bench, 'responses'))[0]).toEqual({ type: 'response.output_item.done', item });
    expect(bench.upstream.requests).toHaveLength(1);
  });

  test.each<[input: Json, Json, Json]>([
    [
      { actions: [{ type: 'screenshot' }] },
      { type: 'computer_call', call_id: 'c1', action: { type: 'click' } },
      { type: 'computer_call', call_id: 'c1', actions: [{ type: 'screenshot' }] },
    ],
    [
      { query: 'y' },
      { type: 'tool_search_call', call_id: 'c1', arguments: { query: 'x' } },
      { type: 'tool_search_call', call_id: 'c1', arguments: { query: 'y' } },
    ],
    [
      { command: 'ls' },
      { type: 'shell_call', call_id: 'c1', action: { commands: ['rm x'], max_output_length: 9 } },
      { type: 'shell_call', call_id: 'c1', action: { commands: ['ls'], max_output_length: 9 } },
    ],
    [
      { command: 'ls' },
      { type: 'local_shell_call', call_id: 'c1', action: { type: 'exec', command: ['sh', '-c', 'rm x'] } },
      { type: 'local_shell_call', call_id: 'c1', action: { type: 'exec', command: ['sh', '-c', 'ls'] } },
    ],
  ])('takes another input in its own form: %j [HK-2]', async (input, item, expected) => {
    bench.middleware.use({ mayConcern: () => true, check: () => Promise.resolve(changed(input)) });
    answersWith(item);
    expect(eventsOf(await ask(bench, 'responses'))[0]).toEqual({
      ...{ type: 'response.output_item.done', item: expected },
    });
  });

  const request = {
    ...{ type: 'mcp_approval_request', id: 'r1', server_label: 'docs', name: 'write' },
    arguments: '{"a":1}',
  };

  test('what a provider would call as it is cannot be changed [HK-2]', async () => {
    bench.middleware.use({ mayConcern: () => true, check: () => Promise.resolve(changed({ a: 2 })) });
    answersWith(request);
    await ask(bench, 'responses');
    expect(inputOf(1).at(-1)).toMatchObject({
      ...{ approve: false, approval_request_id: 'r1' },
      reason: expect.stringContaining('its provider makes it as it is') as unknown,
    });
  });

  test('a request for leave that the user is asked about reaches the client after a yes [HK-2]', async () => {
    const question = 'Write it?\n\nAllow? (Y)es/(N)o/(A)lways';
    bench.middleware.use({
      mayConcern: () => true,
      check: ({ input }) => {
        expect(input).toBe('{"a":1}');
        return Promise.resolve({ kind: 'ask', question, resolve: () => Promise.resolve() });
      },
    });
    answersWith(request);
    const hi = { role: 'user', content: 'May you?' };
    const asked = finalResponse(await ask(bench, 'responses', { input: [hi] }))['output'] as readonly Json[];
    expect(asked).toMatchObject([{ role: 'assistant', content: [{ text: question }] }]);
    const yes = { role: 'user', content: 'y' };
    const released = await ask(bench, 'responses', { input: [hi, ...asked, yes] });
    expect(eventsOf(released).map(({ item }) => item)).toContainEqual(request);
    expect(finalResponse(released)['output']).toEqual([request]);
    expect(bench.upstream.requests).toHaveLength(1);
    const leave = { type: 'mcp_approval_response', approval_request_id: 'r1', approve: true };
    await ask(bench, 'responses', { input: [hi, ...asked, yes, request, leave] });
    expect(inputOf(1)).toEqual([hi, request, leave]);
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
