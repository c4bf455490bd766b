import type { ApiRequest } from '../../../../kernel/exchange.ts';
import { isJsonObject, parseJson, type JsonObject } from '../../../../kernel/json-object.ts';
import { mapElements } from '../../../json/map-elements.ts';
import { providerCallId } from '../../../translation/call-id.ts';
import { isText, objectAt, objectsIn, textAt } from '../../common/read-event.ts';
import { takesBlocks } from './signed/signed-thoughts.ts';
import { takesReasoning } from './takes-reasoning.ts';

/** Behind it LiteLLM puts the signature of a call into its id. */
export const signedIdMark = '__thought__';

/** What Gemini says of signatures that it did not give. Source: its errors, as issues quote them: "Corrupted thought signature." */
export const unreadable =
  /(?:corrupted|invalid|malformed) .{0,20}thought.?signature|thought.?signature.{0,40}(?:corrupted|invalid|malformed|not valid)/i;

const hints = ['thought_signature', signedIdMark];

/**
 * The request without the signatures of thoughts in its conversation, wherever LiteLLM and Gemini's own chat API put them: one more
 * deployment of the model may not know those of another. The same request where there are none.
 */
export function withoutSignatures(request: ApiRequest): ApiRequest {
  const isMeant = (text: Buffer | string): boolean => hints.some((hint) => text.includes(hint));
  if (!isMeant(request.json)) return request;
  return mapElements(request, 'messages', (text) => {
    const message = isMeant(text) ? parseJson(text) : undefined;
    return isJsonObject(message) ? JSON.stringify(unsignedMessage(message)) : text;
  });
}

function unsignedMessage(message: JsonObject): JsonObject {
  const { tool_call_id: answered, tool_calls: calls } = message;
  return {
    ...unsigned(message),
    ...(typeof answered === 'string' ? { tool_call_id: unsignedId(answered) } : {}),
    ...(Array.isArray(calls)
      ? {
          tool_calls: objectsIn(calls).map((call) => ({
            ...unsigned(call),
            id: unsignedId(textAt(call, 'id')),
          })),
        }
      : {}),
  };
}

function unsigned({
  provider_specific_fields: _fields,
  extra_content: _extra,
  ...rest
}: JsonObject): JsonObject {
  return rest;
}

function unsignedId(id: string): string {
  const [own = ''] = id.split(signedIdMark, 1);
  return own;
}

/** Of what LiteLLM has beside a message or a call, the signatures: the rest is for its own use. `undefined` for none. */
export function signaturesOf(fields: unknown): JsonObject | undefined {
  if (!isJsonObject(fields)) return undefined;
  const signatures = Object.entries(fields).filter(
    ([name, value]) => name.startsWith('thought_signature') && isSignature(value),
  );
  return signatures.length === 0 ? undefined : Object.fromEntries(signatures);
}

function isSignature(value: unknown): boolean {
  return Array.isArray(value) ? value.every(isText) : isText(value);
}

/**
 * The ids of calls as the provider gets them: those that it gave itself, where others would refuse them. One that it gave
 * several is that of the first alone.
 */
export function callIdsFor(blocks: readonly JsonObject[]): (callId: string) => string {
  const given = new Map<string, string>();
  const used = new Set<string>();
  for (const [callId, fields] of blocks.flatMap((block) => Object.entries(objectAt(block, 'calls')))) {
    const id = textAt(objectAt({ fields }, 'fields'), 'id');
    if (id === '' || given.has(callId) || used.has(id)) continue;
    given.set(callId, id);
    used.add(id);
  }
  return (callId) => given.get(callId) ?? providerCallId(callId);
}

/**
 * A turn of the model with what its provider wants back, as LiteLLM names it: DeepSeek and others their
 * `reasoning_content`, Gemini the signatures of its thoughts, in `provider_specific_fields` of the message and of each
 * call, Claude's gateways its signed thoughts. A block has the message's members, and `calls`: those of calls by their ids.
 */
export function withOriginals(
  message: JsonObject,
  blocks: readonly JsonObject[],
  { provider, idOf }: { readonly provider: string | undefined; readonly idOf: (callId: string) => string },
): JsonObject {
  if (blocks.length === 0) return message;
  const members = blocks.map((block) => objectAt(block, 'message'));
  const reasoning = takesReasoning(provider)
    ? members.map((block) => textAt(block, 'reasoning_content')).join('')
    : '';
  const fields = members
    .map((block) => signaturesOf(block['provider_specific_fields']))
    .find((found) => found !== undefined);
  const listOf = (name: string): JsonObject => {
    const all = members.flatMap((block) => objectsIn(block[name]));
    return all.length === 0 ? {} : { [name]: all };
  };
  const ofCalls = Object.fromEntries(
    blocks.flatMap((block) =>
      Object.entries(objectAt(block, 'calls')).map(([callId, own]) => [idOf(callId), own]),
    ),
  );
  const calls = objectsIn(message['tool_calls']).map((call) => {
    const own = signaturesOf(ofCalls[textAt(call, 'id')]);
    return own === undefined ? call : { ...call, provider_specific_fields: own };
  });
  return {
    ...message,
    ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
    ...(fields === undefined ? {} : { provider_specific_fields: fields }),
    ...(takesBlocks(provider) ? listOf('thinking_blocks') : {}),
    // Nobody but who wants them back gives these.
    ...listOf('reasoning_details'),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}
