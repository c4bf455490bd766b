import { CodexPlusError } from '../../../kernel/errors.ts';
import { isJsonObject, objectIn, type JsonObject } from '../../../kernel/json-object.ts';
import { chatAnswer } from './local-answer.ts';
import { hasFailed } from '../answer-failure.ts';
import { signsOf } from '../answer-signs.ts';
import type { RoundCodec } from '../round-codec.ts';
import { chatCall, chatItems, chatMessage, refuseTwoKinds, withChatInput } from './calls.ts';
import { ChatReader } from './reader.ts';
import { ChatWriter } from './writer.ts';
import { objectAt, objectsIn, textAt } from '../common/read-event.ts';
import type { Ending, Holds, RoundItem } from '../round.ts';
import { chatTurns } from './turns.ts';

export const chatRounds: RoundCodec = {
  ...chatTurns,
  signs: { whole: signsOf(String.raw`"(?:tool_calls|function_call)"\s*:(?!\s*(?:null|\[\s*\]))`) },
  openReader: (holds) => new ChatReader(holds),
  openWriter: () => new ChatWriter(),
  readAnswer: (answer, holds) => {
    const choices = objectsIn(answer['choices']);
    refuseUnchecked(choices, holds);
    const [choice = {}] = choices;
    return {
      items: chatItems(objectAt(choice, 'message')).map(roundItem),
      usage: isJsonObject(answer['usage']) ? answer['usage'] : undefined,
      // Of several answers at once none is the one that a conversation could go on from.
      ending: hasFailed(answer)
        ? 'failed'
        : choices.length > 1
          ? 'partial'
          : (endings.get(textAt(choice, 'finish_reason')) ?? 'complete'),
      chainId: undefined,
    };
  },
  writeAnswer: (last, { items, usage, hasCalls }) => {
    const [choice = {}, ...others] = objectsIn(last['choices']);
    const reason = choice['finish_reason'];
    const finish = reason === 'tool_calls' && !hasCalls ? 'stop' : reason;
    const answered = { ...choice, message: chatMessage(items), finish_reason: finish };
    return { ...last, choices: [answered, ...others], ...(usage === undefined ? {} : { usage }) };
  },
  isForClient: (item) => chatCall(item) !== undefined,
  withInput: withChatInput,
  withCallId: (item, id) => ({ ...item, id }),
  textItem: (_head, text) => ({ role: 'assistant', content: text }),
  callAnswer: (item) => (head) => {
    const { json, events } = chatAnswer(head, '');
    const whole = objectIn(json);
    const [choice = {}] = objectsIn(whole['choices']);
    const message = { ...objectAt(choice, 'message'), ...chatMessage([item]) };
    const chunks = events.map(([name, data], index) => [name, chunkOf(data, index, item)] as const);
    return {
      json: { ...whole, choices: [{ ...choice, message, finish_reason: 'tool_calls' }] },
      events: chunks,
    };
  },
};

const endings: ReadonlyMap<string, Ending> = new Map([
  ['length', 'partial'],
  ['content_filter', 'partial'],
]);

function roundItem(item: JsonObject, index: number): RoundItem {
  return { key: String(index), item, call: chatCall(item) };
}

/** The chunks of an answer of ours with a call in the place of the text. */
function chunkOf(data: string, index: number, item: JsonObject): string {
  if (data === '[DONE]') return data;
  const chunk: unknown = JSON.parse(data);
  if (!isJsonObject(chunk)) return data;
  const choices = objectsIn(chunk['choices']).map((choice) => {
    if (choice['finish_reason'] === 'stop') return { ...choice, finish_reason: 'tool_calls' };
    return index === 1 ? { ...choice, delta: { tool_calls: [{ index: 0, ...item }] } } : choice;
  });
  return JSON.stringify({ ...chunk, choices });
}

function refuseUnchecked(choices: readonly JsonObject[], holds: Holds): void {
  const messages = choices.map((choice) => objectAt(choice, 'message'));
  const deprecated = messages.map((message) => message['function_call']).filter(isJsonObject);
  const heads = deprecated.map((called) => ({
    kind: 'function' as const,
    name: textAt(called, 'name'),
    namespace: undefined,
  }));
  if (heads.some(holds)) {
    throw new CodexPlusError(
      'invalid_body',
      'calls of functions cannot be checked: use tools in their place',
    );
  }
  const items = messages.flatMap(chatItems);
  for (const item of items) refuseTwoKinds(item, holds);
  const calls = items.map(chatCall);
  if (choices.length > 1 && calls.some((call) => call !== undefined && holds(call))) {
    throw new CodexPlusError(
      'invalid_body',
      'tool calls cannot be checked in an answer with several choices',
    );
  }
}
