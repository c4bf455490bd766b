import { CodexPlusError } from '../../kernel/errors.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { UpstreamAnswer } from '../../kernel/upstream.ts';
import { isSuccess } from '../../protocol/answer-kind.ts';
import { refusePages } from './refuse-pages.ts';
import { refuseSilence } from './refuse-silence.ts';

type Send = (exchange: Exchange) => Promise<UpstreamAnswer>;

/**
 * Sends model calls, and refuses what is no answer to one. The SDKs follow redirects to wherever they lead, with
 * the conversation and from the client's machine; what has no content is an empty success to them.
 */
export function modelAnswersOnly(send: Send): Send {
  return async (exchange) => {
    const answer = await send(exchange);
    const { status, body } = answer;
    const isNone = (status >= 300 && status < 400) || status === 204 || status === 205;
    if (!isNone) return isSuccess(status) ? refuseSilence(refusePages(answer, exchange), exchange) : answer;
    body.cancel();
    throw new CodexPlusError(
      'upstream_unreadable',
      `the upstream answered a model call with the status ${status}, which is no answer of a model; check the address that it is configured with`,
    );
  };
}
