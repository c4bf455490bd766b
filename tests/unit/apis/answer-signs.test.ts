import { describe, expect, test } from '@jest/globals';
import { isUnremarkable } from '../../../middleware/protocol/apis/answer-signs.ts';
import { chatRounds } from '../../../middleware/protocol/apis/chat/rounds.ts';
import { messagesRounds } from '../../../middleware/protocol/apis/messages/rounds.ts';
import { responsesRounds } from '../../../middleware/protocol/apis/responses/rounds.ts';
import { chatCall, item, response, toolUse } from '../../support/made-frames.ts';

const rounds = { responses: responsesRounds, chat: chatRounds, messages: messagesRounds };
type Name = keyof typeof rounds;

const words = 'It is a "function_call", which "failed": {"error":"none","type":"tool_use"}';
const said = { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: words }] };
const choice = { index: 0, message: { role: 'assistant', content: words }, finish_reason: 'stop' };
const noCalls = { ...choice.message, tool_calls: null, function_call: null };
const called = { ...choice, message: { role: 'assistant', ...chatCall() }, finish_reason: 'tool_calls' };
const text = { type: 'text', text: words };

function isPassed(api: Name, answer: unknown, space?: number): boolean {
  const bytes = Buffer.isBuffer(answer) ? answer : Buffer.from(JSON.stringify(answer, undefined, space));
  return isUnremarkable(bytes, rounds[api].signs);
}

describe('a look at the bytes of an answer that is no stream', () => {
  test.each<[Name, object]>([
    ['responses', { ...response, error: null, parallel_tool_calls: true, tools: [], output: [said] }],
    ['chat', { id: 'c', choices: [choice] }],
    ['chat', { id: 'c', choices: [{ ...choice, message: noCalls }] }],
    ['chat', { id: 'c', choices: [{ ...choice, message: { ...noCalls, tool_calls: [] } }] }],
    ['messages', { id: 'm', type: 'message', content: [text], stop_reason: 'end_turn' }],
  ])('passes words that speak of calls and failures (%s, %j)', (api, answer) => {
    expect([isPassed(api, answer), isPassed(api, answer, 2)]).toEqual([true, true]);
  });

  test.each<[Name, object]>([
    ['responses', { ...response, output: [said, item('{}')] }],
    ['responses', { ...response, output: [item('{}', { type: 'custom_tool_call' })] }],
    ['responses', { ...response, output: [item('{}', { type: 'local_shell_call' })] }],
    ['responses', { ...response, output: [item('{}', { type: 'shell_call' })] }],
    ['responses', { ...response, output: [item('{}', { type: 'apply_patch_call' })] }],
    ['responses', { ...response, output: [item('{}', { type: 'computer_call' })] }],
    ['responses', { ...response, output: [item('{}', { type: 'tool_search_call' })] }],
    ['responses', { ...response, output: [item('{}', { type: 'mcp_approval_request' })] }],
    ['responses', { ...response, status: 'failed' }],
    ['responses', { ...response, error: { message: 'full' } }],
    ['chat', { id: 'c', choices: [called] }],
    ['chat', { id: 'c', choices: [{ ...choice, message: { function_call: { name: 'f' } } }] }],
    ['chat', { error: 'full' }],
    ['messages', { id: 'm', type: 'message', content: [text, toolUse] }],
    ['messages', { type: 'error', error: { type: 'overloaded_error' } }],
    ['messages', { type: 'error' }],
  ])('finds what is a call or a failure (%s, %j)', (api, answer) => {
    expect([isPassed(api, answer), isPassed(api, answer, 2)]).toEqual([false, false]);
  });

  test.each<[string, Buffer]>([
    ['letters written as escapes', Buffer.from('{"output":[{"type":"function\\u005fcall"}]}')],
    ['another encoding', Buffer.from('{"output":[{"type":"function_call"}]}', 'utf16le')],
    ['a list', Buffer.from('[{"id":"r"}]')],
    ['a page', Buffer.from('<html>no model</html>')],
    ['nothing', Buffer.alloc(0)],
  ])('leaves %s to be read', (_what, bytes) => {
    expect(isPassed('responses', bytes)).toBe(false);
  });
});
