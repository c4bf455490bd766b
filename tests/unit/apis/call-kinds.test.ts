import { describe, expect, test } from '@jest/globals';
import type { Api, ApiRequest } from '../../../middleware/kernel/exchange.ts';
import { codecOf } from '../../../middleware/protocol/apis/codec-of.ts';
import { holdsNone } from '../../../middleware/protocol/apis/common/holds-none.ts';
import { Conversation } from '../../../middleware/protocol/conversation/conversation.ts';
import { newToolOutputs } from '../../../middleware/protocol/conversation/tool-outputs.ts';
import { transcriptOf } from '../../../middleware/protocol/conversation/transcript.ts';

type Json = Readonly<Record<string, unknown>>;

/** A call as its API writes it in an answer, what comes of it, and both as everybody has to read them. */
interface Kind {
  readonly api: Api;
  readonly call: Json;
  readonly result: Json;
  readonly name: string;
  readonly input: string;
  readonly text: string;
  readonly isError?: boolean;
  readonly exitCode?: number;
}

const id = 'c1';
const exec = { type: 'exec', command: ['ls'] };
const patch = { type: 'delete_file', path: 'a.txt' };
const click = { type: 'click', x: 1, y: 2 };
const printed = { stdout: 'out', stderr: 'err' };

const kinds: Readonly<Record<string, Kind>> = {
  function: {
    api: 'responses',
    call: { type: 'function_call', call_id: id, name: 'run', namespace: 'mcp__docs', arguments: '{"a":1}' },
    result: { type: 'function_call_output', call_id: id, output: 'done' },
    ...{ name: 'run', input: '{"a":1}', text: 'done' },
  },
  'function whose arguments are no text': {
    api: 'responses',
    call: { type: 'function_call', call_id: id, name: 'run', arguments: { a: 1 } },
    result: { type: 'function_call_output', call_id: id, output: [{ type: 'input_text', text: 'done' }] },
    ...{ name: 'run', input: '{"a":1}', text: 'done' },
  },
  'custom tool': {
    api: 'responses',
    call: { type: 'custom_tool_call', call_id: id, name: 'exec', input: 'text(1)' },
    result: { type: 'custom_tool_call_output', call_id: id, output: 'done' },
    ...{ name: 'exec', input: 'text(1)', text: 'done' },
  },
  shell: {
    api: 'responses',
    call: { type: 'shell_call', call_id: id, action: { commands: ['ls'] } },
    result: {
      type: 'shell_call_output',
      call_id: id,
      output: [{ ...printed, outcome: { type: 'exit', exit_code: 0 } }],
    },
    ...{ name: 'shell', input: '{"commands":["ls"]}', text: 'outerr' },
  },
  'shell that failed': {
    api: 'responses',
    call: { type: 'shell_call', call_id: id, action: { commands: ['ls', 'make'] } },
    result: {
      type: 'shell_call_output',
      call_id: id,
      output: [
        { stdout: '', stderr: 'no', outcome: { type: 'exit', exit_code: 2 } },
        { ...printed, outcome: { type: 'exit', exit_code: 0 } },
      ],
    },
    ...{ name: 'shell', input: '{"commands":["ls","make"]}', isError: true, exitCode: 2 },
    text: 'noouterr',
  },
  'shell out of time': {
    api: 'responses',
    call: { type: 'shell_call', call_id: id, action: { commands: ['sleep 9'] } },
    result: {
      type: 'shell_call_output',
      call_id: id,
      output: [{ stdout: '', stderr: '', outcome: { type: 'timeout' } }],
    },
    ...{ name: 'shell', input: '{"commands":["sleep 9"]}', text: '', isError: true },
  },
  'local shell': {
    api: 'responses',
    call: { type: 'local_shell_call', id: 'i1', call_id: id, action: exec },
    result: { type: 'local_shell_call_output', id, output: 'done' },
    ...{ name: 'local_shell', input: JSON.stringify(exec), text: 'done' },
  },
  'apply patch': {
    api: 'responses',
    call: { type: 'apply_patch_call', call_id: id, operation: patch },
    result: { type: 'apply_patch_call_output', call_id: id, status: 'failed', output: 'no such file' },
    ...{ name: 'apply_patch', input: JSON.stringify(patch), text: 'no such file', isError: true },
  },
  computer: {
    api: 'responses',
    call: { type: 'computer_call', call_id: id, action: click },
    result: {
      type: 'computer_call_output',
      call_id: id,
      output: { type: 'computer_screenshot', image_url: 'data:image/png;base64,AAAA' },
    },
    ...{ name: 'computer', input: JSON.stringify({ action: click }), text: '' },
  },
  'tool search': {
    api: 'responses',
    call: { type: 'tool_search_call', call_id: id, execution: 'client', arguments: { query: 'a' } },
    result: { type: 'tool_search_output', call_id: id, execution: 'client', tools: [] },
    ...{ name: 'tool_search', input: '{"query":"a"}', text: '' },
  },
  'function of Chat Completions': {
    api: 'chat',
    call: { id, type: 'function', function: { name: 'run', arguments: '{"a":1}' } },
    result: { role: 'tool', tool_call_id: id, content: 'done' },
    ...{ name: 'run', input: '{"a":1}', text: 'done' },
  },
  'custom tool of Chat Completions': {
    api: 'chat',
    call: { id, type: 'custom', custom: { name: 'exec', input: 'text(1)' } },
    result: { role: 'tool', tool_call_id: id, content: [{ type: 'text', text: 'done' }] },
    ...{ name: 'exec', input: 'text(1)', text: 'done' },
  },
  'tool of Messages': {
    api: 'messages',
    call: { type: 'tool_use', id, name: 'run', input: { a: 1 } },
    result: {
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: id, content: 'done', is_error: true }],
    },
    ...{ name: 'run', input: '{"a":1}', text: 'done', isError: true },
  },
};

/** What only the provider runs, or answers: nothing that the client could be asked about. */
const providers: Readonly<Record<string, readonly [Api, Json]>> = {
  'web search': ['responses', { type: 'web_search_call', id: 'w', action: { type: 'search', query: 'a' } }],
  'file search': ['responses', { type: 'file_search_call', id: 'f', queries: ['a'] }],
  'code interpreter': ['responses', { type: 'code_interpreter_call', id: 'i', code: '1' }],
  'call of an MCP server': ['responses', { type: 'mcp_call', id: 'm', name: 'run', arguments: '{}' }],
  'shell in a container': [
    'responses',
    {
      ...{ type: 'shell_call', call_id: id, action: { commands: ['ls'] } },
      environment: { type: 'container_reference' },
    },
  ],
  'tool search of the server': [
    'responses',
    { type: 'tool_search_call', call_id: id, execution: 'server', arguments: {} },
  ],
  'tool of the server': [
    'messages',
    { type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'a' } },
  ],
};

function answerWith(api: Api, call: Json): Json {
  if (api === 'responses') return { output: [call] };
  if (api === 'messages') return { content: [call], stop_reason: 'tool_use' };
  return { choices: [{ message: { role: 'assistant', content: null, tool_calls: [call] } }] };
}

/** The item of the conversation in which a client sends a call back. */
function itemOf(api: Api, call: Json): Json {
  if (api === 'responses') return call;
  const said = api === 'chat' ? { content: null, tool_calls: [call] } : { content: [call] };
  return { role: 'assistant', ...said };
}

function conversationOf(api: Api, items: readonly Json[]): Conversation {
  const json = Buffer.from(JSON.stringify({ [codecOf(api).request.itemsKey]: items }));
  const request = { api, json, raw: json, headers: [] } as unknown as ApiRequest;
  return Conversation.of(request)!;
}

const asked = { role: 'user', content: 'hi' };

describe('before it runs, after it ran and in the transcript a call is the same', () => {
  test.each(Object.entries(kinds))('%s [HK-2] [OBS-4]', (_what, kind) => {
    const { api, call, result, name, input, text, isError = false, exitCode } = kind;
    const answered = codecOf(api).rounds!.readAnswer(answerWith(api, call), holdsNone);
    const [before] = answered.items.flatMap((item) => item.call ?? []);
    expect(before).toMatchObject({ name, input, callId: id });

    const conversation = conversationOf(api, [asked, itemOf(api, call), result]);
    const outputs = newToolOutputs(conversation, api);
    expect(outputs).toEqual([{ callId: id, index: 2, call: before, text, isError, exitCode }]);

    const entries = transcriptOf(conversation, api).filter(({ kind: what }) => what !== 'message');
    expect(entries).toMatchObject([{ kind: 'call', name }, { kind: 'output' }]);
    const [called] = entries;
    const told = called?.kind === 'call' ? called.input : '';
    expect(input.startsWith('{') ? JSON.parse(told) : told).toEqual(
      input.startsWith('{') ? JSON.parse(input) : input,
    );
  });

  test.each(Object.entries(kinds))('an output of ours says what became of it: %s [HK-2]', (_what, kind) => {
    const { rounds, history } = codecOf(kind.api);
    const items = rounds!.toItems(rounds!.outputs(kind.call, { text: 'refused', isError: true }));
    expect(items.flatMap(history.resultsIn).map(({ callId }) => callId)).toEqual([id]);
    expect(JSON.stringify(items)).toContain('refused');
  });

  test('a request to approve a call is one before it runs, and has no output of the client', () => {
    const call = {
      type: 'mcp_approval_request',
      ...{ id, name: 'run', server_label: 'docs', arguments: '{"a":1}' },
    };
    const [before] = codecOf('responses').rounds!.readAnswer(answerWith('responses', call), holdsNone).items;
    expect(before?.call).toMatchObject({ name: 'run', namespace: 'mcp__docs', callId: id, isFixed: true });
    const result = { type: 'mcp_approval_response', approval_request_id: id, approve: true };
    const conversation = conversationOf('responses', [asked, call, result]);
    expect(codecOf('responses').history.callsIn(call)).toEqual([before?.call]);
    expect(newToolOutputs(conversation, 'responses')).toEqual([]);
    expect(transcriptOf(conversation, 'responses').at(-1)).toMatchObject({ kind: 'call', name: 'run' });
  });

  test.each(Object.entries(providers))('%s is none of the client [HK-2]', (_what, [api, call]) => {
    const { items } = codecOf(api).rounds!.readAnswer(answerWith(api, call), holdsNone);
    expect(items.map((item) => item.call)).toEqual([undefined]);
    const conversation = conversationOf(api, [asked, itemOf(api, call)]);
    expect(codecOf(api).history.callsIn(conversation.at(1))).toEqual([]);
    expect(transcriptOf(conversation, api)).toHaveLength(1);
  });
});

describe('a kind of call of next year', () => {
  const { rounds } = codecOf('responses');
  const call = { type: 'next_year_call', call_id: id, input: 'rm -rf /' };

  test('is not given another input beside the one that would run [HK-2]', () => {
    expect(() => rounds!.withInput(call, '{"x":"safe"}')).toThrow('"next_year_call" cannot be changed');
  });

  test('nor is a call that its provider makes as it is [HK-2]', () => {
    const request = { type: 'mcp_approval_request', id, name: 'run', server_label: 'docs', arguments: '{}' };
    expect(() => rounds!.withInput(request, '{"x":"safe"}')).toThrow('cannot be changed');
  });

  test('and nothing is said to come of it in the form of another kind [HK-2]', () => {
    expect(() => rounds!.outputs(call, { text: 'refused', isError: true })).toThrow('"next_year_call"');
  });

  test('what a search of the provider found is no result of a tool of the client [HK-2]', () => {
    const found = { type: 'tool_search_output', call_id: null, execution: 'server', tools: [] };
    expect(codecOf('responses').history.resultsIn(found)).toEqual([]);
  });
});
