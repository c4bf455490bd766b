import type { Exchange } from '../kernel/exchange.ts';
import { isJsonObject } from '../kernel/json-object.ts';
import { memberValue } from './json/member-value.ts';
import type { LocalAnswerHead } from './apis/local-answer.ts';

/** What our own words in the answer to an exchange are made with. */
export function localHeadOf({ id, request }: Exchange): LocalAnswerHead {
  return {
    id,
    model: request.head.model ?? 'codex-plus',
    nowSeconds: Math.floor(Date.now() / 1000),
    includeUsage: asksForUsage(request.json),
  };
}

function asksForUsage(json: Buffer): boolean {
  const options = memberValue(json, 'stream_options');
  return isJsonObject(options) && options['include_usage'] === true;
}
