import type { ApiRequest } from '../../../../kernel/exchange.ts';
import { isJsonObject, parseJson, type JsonObject } from '../../../../kernel/json-object.ts';
import { mapElements } from '../../../json/map-elements.ts';
import { isSealed, mayHoldSeal, openSummary } from '../../../translation/original.ts';
import { toldSummary } from '../../../translation/told-texts.ts';
import type { Recipient } from '../../../translation/translation-codec.ts';
import { isText } from '../../common/read-event.ts';
import { mayHoldMarks, withoutMarks } from './litellm-marks.ts';

const blobHint = Buffer.from('"encrypted_content"');

/**
 * The request as OpenAI takes it, where answers of other providers are in its conversation: it cannot read what they
 * want back, and refuses the whole request for it. Our summaries become words, and what LiteLLM wrote for itself goes to
 * LiteLLM alone. Every other byte stays.
 */
export function withoutSeals(request: ApiRequest, recipient: Recipient | undefined): ApiRequest {
  const isMarked = recipient?.isDirect === true && mayHoldMarks(request.json);
  const unsealed = withoutOwnSeals(request);
  return isMarked ? withItems(unsealed, withoutMarks) : unsealed;
}

function withoutOwnSeals(request: ApiRequest): ApiRequest {
  if (!mayHoldSeal(request.json)) return request;
  return withItems(request, (item) => {
    const sealed = item['encrypted_content'];
    if (!isText(sealed) || !isSealed(sealed)) return item;
    const summary = openSummary(sealed);
    return summary === undefined
      ? undefined
      : { type: 'message', role: 'user', content: [{ type: 'input_text', text: toldSummary(summary) }] };
  });
}

/**
 * The request without what only the deployment that made it can read: reasoning, and summaries of OpenAI's own. The
 * same request where there is none.
 */
export function withoutBlobs(request: ApiRequest): ApiRequest {
  if (!request.json.includes(blobHint)) return request;
  return withItems(request, (item) => {
    if (!isText(item['encrypted_content'])) return item;
    if (item['type'] === 'reasoning') return undefined;
    return { type: 'message', role: 'user', content: [{ type: 'input_text', text: toldSummary(undefined) }] };
  });
}

/** The conversation with other items; `undefined` takes one out. */
function withItems(request: ApiRequest, change: (item: JsonObject) => JsonObject | undefined): ApiRequest {
  return mapElements(request, 'input', (text) => {
    const item = text.includes('"encrypted_content"') ? parseJson(text) : undefined;
    if (!isJsonObject(item)) return text;
    const changed = change(item);
    if (changed === item) return text;
    return changed === undefined ? undefined : JSON.stringify(changed);
  });
}
