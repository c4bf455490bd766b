import type { Exchange } from '../kernel/exchange.ts';
import { memberValue } from './json/member-value.ts';
import { asksForUsage } from './apis/common/openai-options.ts';
import type { LocalAnswerHead } from './apis/local-answer.ts';

/** What our own words in the answer to an exchange are made with. */
export function localHeadOf({ id, request }: Exchange): LocalAnswerHead {
  return {
    id,
    model: request.head.model ?? 'codex-plus',
    nowSeconds: Math.floor(Date.now() / 1000),
    includeUsage: asksForUsage({
      stream_options: memberValue(request.json, 'stream_options'),
      include_usage: memberValue(request.json, 'include_usage'),
    }),
  };
}
