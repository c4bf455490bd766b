import type { Exchange } from '../kernel/exchange.ts';
import type { LocalAnswerHead } from './apis/local-answer.ts';

/** What our own words in the answer to an exchange are made with. */
export function localHeadOf({ id, request }: Exchange): LocalAnswerHead {
  return {
    id,
    model: request.head.model ?? 'codex-plus',
    nowSeconds: Math.floor(Date.now() / 1000),
    includeUsage: /"include_usage"\s*:\s*true/.test(request.json.toString('latin1')),
  };
}
