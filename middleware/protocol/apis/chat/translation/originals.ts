import { isJsonObject, type JsonObject } from '../../../../kernel/json-object.ts';
import { providerCallId } from '../../../translation/call-id.ts';
import { objectAt, objectsIn, textAt } from '../../common/read-event.ts';

/**
 * A turn of the model with what its provider wants back. What providers of the Chat Completions API want back with a turn of their model, as LiteLLM names it: DeepSeek and
 * others their `reasoning_content`, Gemini the signatures of its thoughts, in `provider_specific_fields` of the message
 * and of each call. A block has the message's members, and `calls`: those of calls by their ids.
 */
export function withOriginals(message: JsonObject, blocks: readonly JsonObject[]): JsonObject {
  if (blocks.length === 0) return message;
  const members = blocks.map((block) => objectAt(block, 'message'));
  const reasoning = members.map((block) => textAt(block, 'reasoning_content')).join('');
  const fields = members.map((block) => block['provider_specific_fields']).find(isJsonObject);
  const ofCalls = Object.fromEntries(
    blocks.flatMap((block) =>
      Object.entries(objectAt(block, 'calls')).map(([callId, own]) => [providerCallId(callId), own]),
    ),
  );
  const calls = objectsIn(message['tool_calls']).map((call) => {
    const own = ofCalls[textAt(call, 'id')];
    return isJsonObject(own) ? { ...call, provider_specific_fields: own } : call;
  });
  return {
    ...message,
    ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
    ...(fields === undefined ? {} : { provider_specific_fields: fields }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}
