import { expect, test } from '@jest/globals';
import { checkedAnswerTo } from '../../support/checked-answer-to.ts';
import {
  begun,
  blockStart,
  blockStop,
  chatCall,
  chatEnd,
  chunk,
  completed,
  denied,
  done,
  frame,
  item,
  messageEnd,
  messageStart,
  response,
  toolUse,
} from '../../support/made-frames.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();

const block = { ...toolUse, input: { command: 'rm -rf precious' } };
const wholeBlock = { ...blockStart, content_block: block };
const afterBlock = [frame(blockStop), ...messageEnd];
const lateItem = { type: 'response.in_progress', output_index: 0, item: item(denied) };

test.each<[string, string, readonly string[]]>([
  [
    'an item in a frame of that name that says it is something else',
    'responses',
    [begun, frame(lateItem, 'response.output_item.done'), completed()],
  ],
  [
    'a block in a frame of that name that says it is something else',
    'messages',
    [messageStart, frame({ ...wholeBlock, type: 'ping' }, 'content_block_start'), ...afterBlock],
  ],
  [
    'an item with two types, one of them written with an escape',
    'responses',
    [begun, done(denied).replace('"function_call"', '"function_call","\\u0074ype":"message"'), completed()],
  ],
  [
    'a block with two types',
    'messages',
    [messageStart, frame(wholeBlock).replace('"tool_use"', '"tool_use","type":"text"'), ...afterBlock],
  ],
  [
    'a chunk with two deltas',
    'chat/completions',
    [chunk(chatCall()).replace('"finish_reason"', '"delta":{},"finish_reason"'), ...chatEnd],
  ],
])('%s (%s) reaches no client [HK-2] [SEC-1]', async (_what, api, frames) => {
  const answer = await checkedAnswerTo(bench, { api, frames, stream: true });
  expect(answer).not.toContain('precious');
  expect(answer).toMatch(/key twice|named otherwise|event: response.failed/);
});

test.each<[string, object, string, string]>([
  ['responses', { ...response, output: [item(denied)] }, '"function_call"', 'message'],
  ['messages', { id: 'm', type: 'message', role: 'assistant', content: [block] }, '"tool_use"', 'text'],
  [
    'chat/completions',
    { id: 'c', choices: [{ index: 0, message: chatCall(), finish_reason: 'tool_calls' }] },
    '"function"',
    'custom',
  ],
])(
  'nor does a call of two types in an answer that is no stream (%s) [HK-2] [SEC-1]',
  async (api, json, type, other) => {
    const twice = JSON.stringify(json).replace(type, `${type},"type":"${other}"`);
    const answer = await checkedAnswerTo(bench, { api, frames: [twice], stream: false });
    expect(answer).not.toContain('precious');
    expect(answer).toContain('it has a key twice');
  },
);
