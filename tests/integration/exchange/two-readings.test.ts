import { describe, expect, test } from '@jest/globals';
import {
  added,
  begun,
  blockDelta,
  blockStart,
  blockStop,
  blocks,
  chatCall,
  chatEnd,
  chunk,
  completed,
  custom,
  delta,
  denied,
  done,
  frame,
  harmless,
  item,
  messageEnd,
  messageStart,
  nameless,
  noteStart,
  response,
  toolUse,
  whole,
  wholeEvent,
  withNaN,
} from '../../support/made-frames.ts';
import { checkedAnswerTo } from '../../support/checked-answer-to.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();

const answerTo = (api: string, frames: readonly string[], stream = true): Promise<string> =>
  checkedAnswerTo(bench, { api, frames, stream });

describe('a call that clients read in other ways than one does not reach them', () => {
  test.each<[string, string, readonly string[]]>([
    ['a call of two kinds at once', 'chat/completions', [chunk(chatCall(custom)), ...chatEnd]],
    [
      'a call whose second kind comes later',
      'chat/completions',
      [chunk({ tool_calls: [{ index: 0, id: 't1', ...custom }] }), chunk(chatCall({ id: '' })), ...chatEnd],
    ],
    [
      'a call beside a failure',
      'chat/completions',
      [chunk(chatCall(), 'tool_calls', { status: 'failed' }), 'data: [DONE]\n\n'],
    ],
    [
      'a call in what is named an error',
      'chat/completions',
      [chunk(chatCall(), 'tool_calls', { type: 'error' }), 'data: [DONE]\n\n'],
    ],
    [
      'a whole message in a stream',
      'chat/completions',
      [
        chunk({}, 'tool_calls', {
          choices: [{ index: 0, message: chatCall(), finish_reason: 'tool_calls' }],
        }),
        'data: [DONE]\n\n',
      ],
    ],
    ['a number that JSON has not, in a chunk', 'chat/completions', [withNaN(chunk(chatCall())), ...chatEnd]],
    ['a number that JSON has not, in an item', 'responses', [begun, withNaN(done(denied)), completed()]],
    [
      'a number that JSON has not, in blocks',
      'messages',
      [
        messageStart,
        ...[blockStart, blockDelta, blockStop].map((event) => withNaN(frame(event))),
        ...messageEnd,
      ],
    ],
    [
      'blocks that only the names of their events tell',
      'messages',
      [messageStart, ...[blockStart, blockDelta, blockStop].map(nameless), ...messageEnd],
    ],
    [
      'an item that only the name of its event tells',
      'responses',
      [
        begun,
        nameless({ type: 'response.output_item.done', output_index: 0, item: item(denied) }),
        completed(),
      ],
    ],
    [
      'deltas that say another input',
      'responses',
      [begun, added(), delta(denied), done(harmless), completed()],
    ],
    [
      'a whole input that is another',
      'responses',
      [begun, added(), whole(denied), done(harmless), completed()],
    ],
    ['an item that begins with another', 'responses', [begun, added(denied), done(harmless), completed()]],
    [
      'an item that begins with another name',
      'responses',
      [begun, added(), delta(denied), done(denied, { name: 'note' }), completed()],
    ],
    [
      'an item that turns into none',
      'responses',
      [begun, added(), delta(denied), done(denied, { type: 'reasoning' }), completed()],
    ],
    [
      'deltas that name the item, at another place',
      'responses',
      [begun, added(), delta(denied, { output_index: 7 }), done(harmless), completed()],
    ],
    [
      'deltas that name an item of two at once',
      'responses',
      [
        ...[begun, added(), frame({ type: 'response.output_item.added', output_index: 1, item: item('') })],
        ...[done(harmless), delta(denied, { output_index: 7 })],
        frame({ type: 'response.output_item.done', output_index: 1, item: item(harmless) }),
        completed(),
      ],
    ],
    [
      'an answer that begins with a call',
      'responses',
      [frame({ type: 'response.created', response: { ...response, output: [item(denied)] } }), completed()],
    ],
    ['blocks with one number', 'messages', blocks(blockStart, blockStop, noteStart, blockDelta, blockStop)],
    [
      'a block with another number than its place',
      'messages',
      blocks({ ...blockStart, index: 1 }, noteStart, blockDelta),
    ],
    ...[5, -1, false, null, 0.5, '0 '].map((index): [string, string, readonly string[]] => [
      `a piece of a block that is numbered ${JSON.stringify(index)}`,
      'messages',
      blocks(blockStart, { ...blockDelta, index }, blockStop),
    ]),
    ['a piece of a block that has ended', 'messages', blocks(blockStart, blockStop, blockDelta)],
    ...['1', true, -1, 0.5].map((index): [string, string, readonly string[]] => [
      `a call that is numbered ${JSON.stringify(index)}`,
      'chat/completions',
      [
        chunk(chatCall({ index: 0, function: { name: 'note', arguments: '' } })),
        chunk(chatCall({ id: '', index })),
        ...chatEnd,
      ],
    ]),
    [
      'a message that goes on as a call',
      'responses',
      [begun, added('', { type: 'message' }), delta(denied), done(harmless), completed()],
    ],
    ['an input without an item', 'responses', [begun, delta(denied), whole(denied), completed()]],
    [
      'an input behind the end of its item',
      'responses',
      [begun, added(), done(harmless), delta(denied), completed()],
    ],
    ...(['response.completed', 'response.incomplete', 'response.failed'] as const).map(
      (type): [string, string, readonly string[]] => [
        `a call that only begins, and stands in the end (${type})`,
        'responses',
        [begun, added(), delta(denied), frame({ type, response: { ...response, output: [item(denied)] } })],
      ],
    ),
    [
      'a block that begins with another input',
      'messages',
      blocks(
        { ...blockStart, content_block: { ...toolUse, input: { command: 'rm -rf precious' } } },
        { ...blockDelta, delta: { type: 'input_json_delta', partial_json: '{"command":"ls"}' } },
        blockStop,
      ),
    ],
    [
      'a place that is a text',
      'responses',
      [begun, added(), delta(denied, { output_index: '0', item_id: undefined }), done(harmless), completed()],
    ],
    [
      'two whole inputs',
      'responses',
      [begun, added(), whole(denied), whole(harmless), done(harmless), completed()],
    ],
    ['two beginnings', 'responses', [begun, added(), delta(denied), added(), done(harmless), completed()]],
    [
      'another name at the end of the input',
      'responses',
      [
        begun,
        added('', { name: 'note' }),
        frame({ ...wholeEvent, arguments: denied, name: 'exec_command' }),
        done(denied, { name: 'note' }),
        completed(),
      ],
    ],
    [
      'a name in a group that only some look at',
      'responses',
      [begun, added('', { namespace: 'x' }), done(denied, { namespace: 'x' }), completed()],
    ],
  ])('%s (%s) [HK-2] [SEC-1]', async (_what, api, frames) => {
    const answer = await answerTo(api, frames);
    expect(answer).not.toContain('precious');
    expect(answer).toMatch(/cannot be checked|Then no|Codex-Plus refused|event: response.failed/);
  });

  test('a call of two kinds at once, in an answer that is no stream [HK-2] [SEC-1]', async () => {
    const choices = [
      { index: 0, message: { role: 'assistant', ...chatCall(custom) }, finish_reason: 'tool_calls' },
    ];
    const answer = await answerTo('chat/completions', [JSON.stringify({ id: 'c', choices })], false);
    expect(answer).not.toContain('precious');
    expect(answer).toContain('cannot be checked');
  });
});

describe('a call that is said twice in the same words reaches the client', () => {
  test.each<[string, readonly string[]]>([
    [
      'in pieces',
      [begun, added(), delta('{"cmd":'), delta('"ls"}'), whole(harmless), done(harmless), completed()],
    ],
    [
      'with other white space at the end',
      [begun, added(), delta('{ "cmd": "ls" }'), done(harmless), completed()],
    ],
    ['with nothing before the end', [begun, done(harmless), completed(item(harmless))]],
    ['with an empty beginning', [begun, added('{}'), delta(harmless), done(harmless), completed()]],
    [
      'with its first piece in the beginning',
      [begun, added('{"cmd":'), delta('"ls"}'), done(harmless), completed()],
    ],
    ['whole from the beginning', [begun, added(harmless), done(harmless), completed()]],
    [
      'without a name at first',
      [begun, added('', { name: '' }), delta(harmless), done(harmless), completed()],
    ],
    [
      'under a name that is none of an event',
      [begun, done(harmless).replace(/^event: .*/, 'event: message'), completed()],
    ],
    ['beside a comment in the place of data', [begun, 'data: ping\n\n', done(harmless), completed()]],
  ])('%s [HK-2] [PX-2]', async (_what, frames) => {
    expect(await answerTo('responses', frames)).toBe(frames.join(''));
  });
});

test('calls that all have one number reach the client with one each [HK-2]', async () => {
  const called = (id: string, name: string, input = ''): string =>
    chunk({ tool_calls: [{ index: 0, id, type: 'function', function: { name, arguments: input } }] });
  const answer = await answerTo('chat/completions', [
    called('t1', 'exec_command', harmless),
    called('t2', 'note', denied),
    called('t3', 'exec_command', harmless),
    ...chatEnd,
  ]);
  const pieces = [...answer.matchAll(/^data: (\{.*\})$/gm)].flatMap(([, json = '']) => {
    const { choices } = JSON.parse(json) as {
      choices: { delta: { tool_calls?: { index: number; id: string }[] } }[];
    };
    return choices.flatMap(({ delta: { tool_calls: calls = [] } }) => calls);
  });
  expect(pieces.map(({ index, id }) => [index, id])).toEqual([
    [0, 't1'],
    [1, 't2'],
    [2, 't3'],
  ]);
});
