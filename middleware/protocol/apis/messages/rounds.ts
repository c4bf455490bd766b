import { isJsonObject, objectIn } from '../../../kernel/json-object.ts';
import { messagesAnswer } from './local-answer.ts';
import { hasFailed } from '../answer-failure.ts';
import { signsOf } from '../answer-signs.ts';
import type { RoundCodec } from '../round-codec.ts';
import { messagesCall, messagesCallEvents, withMessagesInput } from './calls.ts';
import { endingOf, MessagesReader } from './reader.ts';
import { MessagesWriter } from './writer.ts';
import { objectsIn, textAt } from '../common/read-event.ts';
import { messagesTurns } from './turns.ts';

export const messagesRounds: RoundCodec = {
  ...messagesTurns,
  signs: { whole: signsOf('"tool_use"') },
  openReader: (holds) => new MessagesReader(holds),
  openWriter: () => new MessagesWriter(),
  readAnswer: (answer) => ({
    items: objectsIn(answer['content']).map((item, index) => ({
      key: String(index),
      item,
      call: messagesCall(item),
    })),
    usage: isJsonObject(answer['usage']) ? answer['usage'] : undefined,
    ending: hasFailed(answer) ? 'failed' : endingOf(answer),
    chainId: undefined,
  }),
  writeAnswer: (last, { items, usage, hasCalls }) => ({
    ...last,
    content: items,
    ...(last['stop_reason'] === 'tool_use' && !hasCalls ? { stop_reason: 'end_turn' } : {}),
    ...(usage === undefined ? {} : { usage }),
  }),
  isForClient: (block) => messagesCall(block) !== undefined,
  withInput: withMessagesInput,
  withCallId: (item, id) => ({ ...item, id }),
  textItem: (_head, text) => ({ type: 'text', text }),
  callAnswer: (item) => (head) => {
    const { json, events } = messagesAnswer(head, '');
    const whole = objectIn(json);
    const called = messagesCallEvents(item, 0);
    const [start, ...rest] = events;
    const ending = rest.filter(([name]) => name === 'message_delta' || name === 'message_stop');
    return {
      json: { ...whole, content: [item], stop_reason: 'tool_use' },
      events: [
        ...(start === undefined ? [] : [start]),
        ...called.map((event) => [textAt(event, 'type'), JSON.stringify(event)] as const),
        ...ending.map(([name, data]) => [name, data.replace('"end_turn"', '"tool_use"')] as const),
      ],
    };
  },
};
