import { wrongMember } from '../../../../kernel/errors.ts';
import { isJsonObject, type JsonObject } from '../../../../kernel/json-object.ts';
import type { CallEntry, Entry } from '../../../translation/model-request.ts';
import { instructionEntries, saidTexts } from '../../../translation/told/spoken-parts.ts';
import { leftOutPart } from '../../../translation/told/told-texts.ts';
import { inputAt, isText, objectAt, objectsIn, textAt } from '../../common/read-event.ts';
import { readChatParts } from './read-parts.ts';
import { thoughtsIn } from './thinking-blocks.ts';

/** What a message of a conversation says. */
export function readChatMessage(message: JsonObject): readonly Entry[] {
  const { role, content } = message;
  switch (role) {
    case 'system':
    case 'developer':
      return instructionEntries(readChatParts(content));
    case 'user':
      return [{ kind: 'user', parts: readChatParts(content) }];
    case 'assistant':
      return readTurn(message);
    case 'tool':
      return [
        {
          kind: 'result',
          callId: textAt(message, 'tool_call_id'),
          parts: readChatParts(content),
          isError: false,
          foundTools: [],
        },
      ];
    default:
      throw wrongMember(
        'messages',
        `a message has the role "${String(role)}", which this model's provider has no place for; there are system, developer, user, assistant and tool`,
      );
  }
}

/** Thoughts stand before all that came of them. */
function readTurn(message: JsonObject): readonly Entry[] {
  if (isJsonObject(message['function_call']))
    throw wrongMember(
      'messages',
      "`function_call` is the older form of `tool_calls`, which this model's provider has no place for; send `tool_calls`",
    );
  const texts = [
    ...saidTexts(readChatParts(message['content'])),
    textAt(message, 'refusal'),
    ...spokenIn(message),
  ].filter(isText);
  return [
    ...readThoughts(message),
    ...texts.map((text) => ({ kind: 'said', text }) as const),
    ...objectsIn(message['tool_calls']).map(readCall),
  ];
}

/** What the model said aloud: OpenAI keeps it, and whoever sends its words along has them told. */
function spokenIn({ audio }: JsonObject): readonly string[] {
  return isJsonObject(audio) ? [textAt(audio, 'transcript') || leftOutPart('audio')] : [];
}

/** As LiteLLM names them, and clients that know it send them back. */
function readThoughts(message: JsonObject): readonly Entry[] {
  const originals = thoughtsIn(message);
  const text = textAt(message, 'reasoning_content');
  if (originals.length === 0) return text === '' ? [] : [{ kind: 'reasoning', text, original: undefined }];
  return originals.map((original, index) => ({ kind: 'reasoning', text: index === 0 ? text : '', original }));
}

function readCall(call: JsonObject): CallEntry {
  const isCustom = call['type'] === 'custom';
  const called = objectAt(call, isCustom ? 'custom' : 'function');
  return {
    kind: 'call',
    callKind: isCustom ? 'custom' : 'function',
    callId: textAt(call, 'id'),
    namespace: undefined,
    name: textAt(called, 'name'),
    input: inputAt(called, isCustom ? 'input' : 'arguments'),
  };
}
