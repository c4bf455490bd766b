import { describe, expect, test } from '@jest/globals';
import type { Api, ApiRequest } from '../../../middleware/kernel/exchange.ts';
import { codecOf } from '../../../middleware/protocol/apis/codec-of.ts';
import {
  appendItems,
  onlyItems,
  prependItems,
} from '../../../middleware/protocol/apis/common/append-items.ts';
import { ChatMessageBuilder } from '../../../middleware/protocol/apis/chat/message-builder.ts';
import { ContentBlockBuilder } from '../../../middleware/protocol/apis/messages/content-block-builder.ts';
import { responsesOutputs } from '../../../middleware/protocol/apis/responses/outputs.ts';
import { Shift } from '../../../middleware/protocol/apis/common/shift.ts';
import { sumUsage } from '../../../middleware/protocol/apis/common/sum-usage.ts';

function request(json: string, api: Api = 'responses'): ApiRequest {
  const bytes = Buffer.from(json);
  return {
    api,
    path: `/${api}`,
    headers: [],
    raw: bytes,
    contentEncoding: undefined,
    json: bytes,
    head: { model: 'm', stream: true },
  };
}

describe('items added to a request', () => {
  test.each<[string, Api, string, string, string]>([
    [
      'a list, spaces kept',
      'responses',
      '{ "input" : [ {"a":1.0} ] ,"z":1}',
      '{ "input" : [ {"a":1.0},{"b":2} ] ,"z":1}',
      '{ "input" : [ {"b":2},{"a":1.0} ] ,"z":1}',
    ],
    ['an empty list', 'chat', '{"messages":[ ]}', '{"messages":[{"b":2} ]}', '{"messages":[{"b":2} ]}'],
    [
      'a text',
      'responses',
      String.raw`{"input":"h\u0069"}`,
      String.raw`{"input":[{"role":"user","content":"h\u0069"},{"b":2}]}`,
      String.raw`{"input":[{"b":2},{"role":"user","content":"h\u0069"}]}`,
    ],
    [
      'nothing',
      'responses',
      '{"prompt":1}',
      '{"input":[{"b":2}],"prompt":1}',
      '{"input":[{"b":2}],"prompt":1}',
    ],
    ['null', 'responses', '{"input":null}', '{"input":[{"b":2}]}', '{"input":[{"b":2}]}'],
  ])('stand behind or before %s [HK-2] [PX-2]', (_name, api, json, appended, prepended) => {
    const { itemsKey } = codecOf(api).request;
    expect(appendItems(request(json, api), itemsKey, [{ b: 2 }]).json.toString()).toBe(appended);
    expect(prependItems(request(json, api), itemsKey, [{ b: 2 }]).json.toString()).toBe(prepended);
  });

  test('take the place of all others, or change nothing [HK-2]', () => {
    expect(onlyItems(request('{"input":[1],"z":2}'), 'input', [{ b: 2 }]).json.toString()).toBe(
      '{"input":[{"b":2}],"z":2}',
    );
    const same = request('{"input":[1]}');
    expect(appendItems(same, 'input', [])).toBe(same);
  });
});

describe('the tokens of several rounds', () => {
  test('are summed in every count, whatever it is called; of the rest the later word counts [HK-2]', () => {
    const first = { input_tokens: 1, details: { cached: 2 }, cost: 0.5, tier: 'a', only: 1 };
    const second = { input_tokens: 10, details: { cached: 20, more: 3 }, cost: 0.25, tier: 'b' };
    expect(sumUsage(first, second)).toEqual({
      ...{ input_tokens: 11, details: { cached: 22, more: 3 }, cost: 0.75, tier: 'b', only: 1 },
    });
    expect([sumUsage(undefined, second), sumUsage(first, undefined), sumUsage(undefined, undefined)]).toEqual(
      [second, first, undefined],
    );
  });
});

describe('numbers after some were taken out', () => {
  test('have no gaps, stay what they were, and go on in the next round [HK-2]', () => {
    const shift = new Shift();
    expect([shift.of(0), shift.of(1)]).toEqual([0, 1]);
    shift.drop(2);
    expect([shift.of(2), shift.of(3), shift.of(1), shift.of(3)]).toEqual([undefined, 2, 1, 2]);
    expect(shift.take()).toBe(3);
    shift.beginRound();
    shift.drop(1);
    expect([shift.of(0), shift.of(1), shift.of(2)]).toEqual([4, undefined, 5]);
  });
});

describe('leave to call a tool of an MCP server', () => {
  test('is never given in the place of the client [HK-2] [SEC-1]', () => {
    const request = { type: 'mcp_approval_request', id: 'r1', server_label: 's', name: 'x', arguments: '{}' };
    for (const isError of [true, false])
      expect(responsesOutputs(request, { text: 'why', isError })).toEqual([
        { type: 'mcp_approval_response', approval_request_id: 'r1', approve: false, reason: 'why' },
      ]);
  });
});

describe('deltas put together', () => {
  test('of a chat message with thinking and what else a provider says [HK-2]', () => {
    const builder = new ChatMessageBuilder();
    builder.add({ role: 'assistant', content: null, reasoning_content: 'Th' });
    builder.add({ reasoning_content: 'ink', thinking_blocks: [{ type: 'thinking', thinking: 'Th' }] });
    builder.add({ thinking_blocks: [{ type: 'thinking', thinking: 'ink', signature: 's' }], content: 'Hi' });
    builder.add({ thinking_blocks: [{ type: 'thinking', thinking: 'More' }], content: '!' });
    expect(builder.message()).toEqual({
      role: 'assistant',
      content: 'Hi!',
      reasoning_content: 'Think',
      thinking_blocks: [
        { type: 'thinking', thinking: 'Think', signature: 's' },
        { type: 'thinking', thinking: 'More' },
      ],
    });
  });

  test('of a call, whose later pieces repeat or leave out what the first one said [HK-2]', () => {
    const builder = new ChatMessageBuilder();
    const signed = { google: { thought_signature: 's' } };
    builder.addCall('0', {
      index: 0,
      id: 'c1',
      type: 'function',
      function: { name: 'x', arguments: '' },
      extra_content: signed,
    });
    builder.addCall('0', { index: 0, id: '', type: null, function: { name: '', arguments: '{"a"' } });
    builder.addCall('0', { index: 0, function: { arguments: ':1}' } });
    expect(builder.call('0')).toEqual({
      ...{ id: 'c1', type: 'function', extra_content: signed },
      function: { name: 'x', arguments: '{"a":1}' },
    });
  });

  test('of content blocks, each kind by its own deltas [HK-2]', () => {
    const blockOf = (start: object, ...deltas: readonly object[]): unknown => {
      const builder = new ContentBlockBuilder({ ...start });
      for (const delta of deltas) builder.add({ ...delta });
      return builder.block();
    };
    expect(
      blockOf(
        { type: 'text', text: 'a' },
        { type: 'text_delta', text: 'b' },
        { type: 'citations_delta', citation: { n: 1 } },
      ),
    ).toEqual({ type: 'text', text: 'ab', citations: [{ n: 1 }] });
    const tool = { type: 'tool_use', id: 'c', name: 'x', input: {} };
    const json = (text: string): object => ({ type: 'input_json_delta', partial_json: text });
    expect(blockOf(tool, json('{"a"'), json(':1}'))).toEqual({ ...tool, input: { a: 1 } });
    expect(blockOf(tool, json('{"a"'))).toEqual({ ...tool, input: '{"a"' });
    expect(blockOf({ ...tool, input: { a: 1 } })).toEqual({ ...tool, input: { a: 1 } });
    expect(blockOf({ type: 'redacted_thinking', data: 'd' })).toEqual({
      type: 'redacted_thinking',
      data: 'd',
    });
  });
});
