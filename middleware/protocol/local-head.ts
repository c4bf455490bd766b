import type { ApiRequest, Exchange } from '../kernel/exchange.ts';
import { memberValue } from './json/member-value.ts';
import { asksForUsage } from './apis/common/openai-options.ts';
import type { LocalAnswerHead } from './apis/local-answer.ts';

/** What our own words in the answer to an exchange are made with. */
export function localHeadOf({
  id,
  request: { head, json },
}: Pick<Exchange, 'id' | 'request'>): LocalAnswerHead {
  return {
    id,
    model: head.model ?? 'codex-plus',
    nowSeconds: Math.floor(Date.now() / 1000),
    includeUsage: head.includeUsage ?? asksForUsageIn(json),
  };
}

/** The request without its body, of which no more is needed for the rest of its answer than the head says then. */
export function withoutBody(request: ApiRequest): ApiRequest {
  const head = { ...request.head, includeUsage: asksForUsageIn(request.json) };
  return { ...request, raw: nothing, json: nothing, head };
}

const nothing = Buffer.alloc(0);

function asksForUsageIn(json: Buffer): boolean {
  return asksForUsage({
    stream_options: memberValue(json, 'stream_options'),
    include_usage: memberValue(json, 'include_usage'),
  });
}
