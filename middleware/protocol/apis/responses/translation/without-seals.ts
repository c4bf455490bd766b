import type { ApiRequest } from '../../../../kernel/exchange.ts';
import { isJsonObject, parseJson, type JsonObject } from '../../../../kernel/json-object.ts';
import { mapElements } from '../../../json/map-elements.ts';
import { withTakenIds } from '../../../translation/call-id.ts';
import { holdsSeal, mayHoldSeal, openSummary } from '../../../translation/original.ts';
import { toldSummary } from '../../../translation/told/told-texts.ts';
import type { Recipient } from '../../../translation/translation-codec.ts';
import { isText, objectsIn } from '../../common/read-event.ts';
import { mayHoldMarks, withoutMarks } from './litellm-marks.ts';

/**
 * What providers say of what they cannot read: OpenAI by a code, Azure at times by words alone, xAI by words of its own. LiteLLM has
 * them within its own.
 */
const unreadableBlob =
  /invalid_encrypted_content|encrypted content .{0,80}could not be (?:verified|decrypted)|could not decrypt the provided encrypted_content|could not decode the compaction blob/;
/**
 * What servers say of items that they do not know, or know in another shape: OpenAI's "Invalid value: 'compaction'", Pydantic's of vLLM
 * and SGLang ("Input tag 'compaction' … does not match", "'ResponseReasoningItemParam'), 'msg': 'Field required'"), serde's
 * "unknown variant `compaction`", llama.cpp's "Cannot determine type of 'item'".
 */
const kind = String.raw`compaction|encrypted_content|ResponseReasoningItem|(?<!parameter: )['"\`]reasoning\\?['"\`]`;
const fault = String.raw`\b(?:invalid|unknown|unsupported|unexpected|unrecogni[sz]ed|missing)\b|\bnot (?:supported|valid|allowed|permitted|recogni[sz]ed|match)\b|field required|should be|validation error`;
const unknownItem = [
  String.raw`(?:${fault})[^]{0,300}(?:${kind})`,
  String.raw`(?:${kind})[^]{0,300}(?:${fault})`,
  String.raw`cannot determine type of 'item'|item\['(?:content|encrypted_content|summary)'\]`,
].join('|');

/** What is said of items that only their maker can read, by whoever did not make them. */
export const unreadable = new RegExp(`${unreadableBlob.source}|${unknownItem}`, 'i');

const blobHint = Buffer.from('"encrypted_content"');

/**
 * The request as OpenAI takes it, where answers of other providers are in its conversation: it cannot read what they
 * want back, and refuses the whole request for it. Our summaries become words, and what LiteLLM wrote for itself goes to
 * LiteLLM alone. Every other byte stays.
 */
export function withoutSeals(request: ApiRequest, recipient: Recipient | undefined): ApiRequest {
  const isMarked = recipient?.isDirect === true && mayHoldMarks(request.json);
  const plain = withoutOwnSeals(request);
  return isMarked ? withItems(plain, mayHoldBlob, withoutMarks) : plain;
}

function withoutOwnSeals(request: ApiRequest): ApiRequest {
  return mayHoldSeal(request.json) ? withItems(request, mayHoldSeal, unsealed) : request;
}

function unsealed(item: JsonObject): JsonObject | undefined {
  if (holdsSeal(item)) {
    const summary = openSummary(item['encrypted_content']);
    return summary === undefined
      ? undefined
      : { type: 'message', role: 'user', content: [{ type: 'input_text', text: toldSummary(summary) }] };
  }
  const { content } = item;
  const parts = objectsIn(content);
  const kept = parts.filter((part) => !holdsSeal(part));
  if (kept.length === 0 && parts.length > 0) return undefined;
  return withTakenIds(kept.length === parts.length ? item : { ...item, content: kept }, ['id', 'call_id']);
}

/**
 * The request without what only the deployment that made it can read: reasoning, and summaries of OpenAI's own. The
 * same request where there is none.
 */
export function withoutBlobs(request: ApiRequest): ApiRequest {
  if (!request.json.includes(blobHint)) return request;
  return withItems(request, mayHoldBlob, (item) => {
    if (!isText(item['encrypted_content'])) return item;
    if (item['type'] === 'reasoning') return undefined;
    return { type: 'message', role: 'user', content: [{ type: 'input_text', text: toldSummary(undefined) }] };
  });
}

function mayHoldBlob(text: string): boolean {
  return text.includes('"encrypted_content"');
}

/** The conversation with other items; `undefined` takes one out. Those that `isMeant` for nothing are not read. */
function withItems(
  request: ApiRequest,
  isMeant: (text: string) => boolean,
  change: (item: JsonObject) => JsonObject | undefined,
): ApiRequest {
  return mapElements(request, 'input', (text) => {
    const item = isMeant(text) ? parseJson(text) : undefined;
    if (!isJsonObject(item)) return text;
    const changed = change(item);
    if (changed === item) return text;
    return changed === undefined ? undefined : JSON.stringify(changed);
  });
}
