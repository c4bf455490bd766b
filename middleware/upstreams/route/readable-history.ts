import type { Exchange } from '../../kernel/exchange.ts';
import type { Upstream, UpstreamAnswer } from '../../kernel/upstream.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import type { Recipient } from '../../protocol/translation/translation-codec.ts';
import { readShort } from '../transport/read-short.ts';

/** OpenAI's errors are short. */
const maxErrorBytes = 64 * 1024;

/** An upstream without LiteLLM, for calls whose conversation may hold what it cannot read. */
export function readableFor(upstream: Upstream): Upstream {
  return {
    kind: upstream.kind,
    send: (exchange) => {
      const providerModel = exchange.request.head.model ?? '';
      const recipient = { provider: undefined, providerModel, hasOtherAddress: true, isDirect: true };
      return sendReadable(upstream, exchange, [recipient]);
    },
  };
}

/**
 * Sends a call without what is kept in its conversation for others than whoever may get it and, where its recipient says that it cannot
 * read what another deployment encrypted, once more without that.
 */
export async function sendReadable(
  upstream: Upstream,
  exchange: Exchange,
  recipients: readonly (Recipient | undefined)[] = [undefined],
): Promise<UpstreamAnswer> {
  const codec = codecOf(exchange.request.api).clientTranslation;
  if (codec === undefined) return upstream.send(exchange);
  const cleared = recipients.reduce((request, each) => codec.withoutSeals(request, each), exchange.request);
  const readable = { ...exchange, request: cleared };
  const answer = await upstream.send(readable);
  if (answer.status !== 400) return answer;
  const request = codec.withoutBlobs(readable.request);
  return request === readable.request
    ? answer
    : againIfUnreadable(answer, exchange, () => upstream.send({ ...readable, request }));
}

/** An answer to a call or, where its recipient says that it cannot read what another deployment encrypted, that to the call without it. */
export function againIfUnreadable(
  answer: UpstreamAnswer,
  { id, log }: Pick<Exchange, 'id' | 'log'>,
  again: () => Promise<UpstreamAnswer>,
): Promise<UpstreamAnswer> {
  return againIfRefused(answer, unreadable, () => {
    log.info('what another deployment encrypted was left out of a request', { id });
    return again();
  });
}

/** An answer to a call or, where it is a refusal in these words, that to the call without what was refused. */
export async function againIfRefused(
  answer: UpstreamAnswer,
  words: string,
  again: () => Promise<UpstreamAnswer>,
): Promise<UpstreamAnswer> {
  if (answer.status !== 400) return answer;
  const { bytes, body } = await readShort(answer.body, maxErrorBytes);
  return bytes?.includes(words) === true ? again() : { ...answer, body };
}

/** OpenAI's code; LiteLLM has the provider's words within its own. */
const unreadable = 'invalid_encrypted_content';
