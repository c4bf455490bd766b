import { collectBytes } from '../../kernel/collect-bytes.ts';
import { CodexPlusError, type ErrorCode } from '../../kernel/errors.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import { headerValue } from '../../kernel/headers.ts';
import type { UpstreamAnswer } from '../../kernel/upstream.ts';
import { failureIn } from '../../protocol/apis/answer-failure.ts';
import {
  litellmFault,
  secondsToWait,
  type LitellmFault,
} from '../../protocol/translation/litellm-fault.ts';
import { bytesStream } from '../transport/bytes-stream.ts';

type Send = (exchange: Exchange) => Promise<UpstreamAnswer>;

/** Errors are short; a longer one is passed on as far as it was read. */
const maxErrorBytes = 256 * 1024;
/** Where a provider that is busy does not say how long. */
const usualWait = 5;
const maxListed = 30;

/**
 * Sends model calls, and tells errors of LiteLLM in the terms of the client: LiteLLM puts words of its own around what
 * its provider says, under statuses of its own, so that a client would not know a conversation that is too long.
 */
export function tellErrors(send: Send, knownModels: () => readonly string[]): Send {
  return async (exchange) => {
    const answer = await send(exchange);
    const { status, headers, body, route } = answer;
    if (status < 400 || route !== 'litellm') return answer;
    const bytes = await collectBytes(body, maxErrorBytes);
    const text = bytes.toString();
    const said = failureIn(text)?.message;
    const fault = said === undefined ? undefined : litellmFault(status, said);
    if (fault === undefined) return { ...answer, body: bytesStream(bytes) };
    const asked = Number(headerValue(headers, 'retry-after') ?? secondsToWait(text) ?? usualWait);
    const isBusy = fault.code === 'rate_limit_exceeded' || fault.code === 'server_is_overloaded';
    throw new CodexPlusError(
      codes[fault.code],
      messageOf(fault, exchange, knownModels()),
      isBusy && Number.isFinite(asked) ? { retryAfterSeconds: asked } : {},
    );
  };
}

const codes: Readonly<Record<LitellmFault['code'], ErrorCode>> = {
  context_length_exceeded: 'context_length_exceeded',
  insufficient_quota: 'insufficient_quota',
  rate_limit_exceeded: 'rate_limit_exceeded',
  server_is_overloaded: 'server_is_overloaded',
  model_not_found: 'model_not_found',
  invalid_request: 'refused_by_provider',
  failed: 'provider_failed',
};

function messageOf({ code, message }: LitellmFault, { request }: Exchange, known: readonly string[]): string {
  if (code !== 'model_not_found') return message;
  const listed = known.slice(0, maxListed).join(', ');
  const rest = known.length > maxListed ? ` and ${known.length - maxListed} more` : '';
  const told = listed === '' ? '' : `; there are ${listed}${rest}`;
  return `there is no model "${request.head.model ?? ''}"${told}`;
}
