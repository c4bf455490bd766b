import type { ApiRequest, Exchange } from '../../kernel/exchange.ts';
import type { Upstream, UpstreamAnswer } from '../../kernel/upstream.ts';
import { isSuccess } from '../../protocol/answer-kind.ts';
import { apiNamedIn } from '../../protocol/api-path.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import type { ModelTraits } from '../../protocol/translation/model-traits.ts';
import type { ClientTranslation, Recipient } from '../../protocol/translation/translation-codec.ts';
import type { RefusedParts } from './refused-parts.ts';
import { readShort } from '../transport/read-short.ts';

/** Under which requests are refused for what stands in them; the second by servers in Python, the third by LiteLLM itself. */
const refusals: ReadonlySet<number> = new Set([400, 422, 500]);
/** Errors of providers are short. */
const maxErrorBytes = 64 * 1024;

/** An upstream without LiteLLM, for calls whose conversation may hold what it cannot read. */
export function readableFor(upstream: Upstream, refusedParts: RefusedParts): Upstream {
  return {
    kind: upstream.kind,
    send: (exchange) => {
      const providerModel = exchange.request.head.model ?? '';
      const recipient = { provider: undefined, providerModel, hasOtherAddress: true, isDirect: true };
      return sendReadable(upstream, exchange, { recipients: [recipient], refusedParts });
    },
  };
}

interface Reading {
  /** Whoever may get the call; `undefined` where nobody knows. */
  readonly recipients: readonly (Recipient | undefined)[] | undefined;
  readonly refusedParts: RefusedParts;
}

/**
 * Sends a call without what is kept in its conversation for others than whoever may get it and, where its recipient says that it cannot
 * read what others encrypted or signed, once more without that. What a model refuses in every conversation it is not sent again for a
 * while.
 */
export async function sendReadable(
  upstream: Upstream,
  exchange: Exchange,
  { recipients, refusedParts }: Reading,
): Promise<UpstreamAnswer> {
  const codec = codecOf(exchange.request.api).clientTranslation;
  if (codec === undefined) return upstream.send(exchange);
  const whose = `${upstream.kind} ${exchange.request.head.model ?? ''}`;
  const known = codec.repairs.filter(({ isOfModel, what }) => isOfModel && refusedParts.has(what, whose));
  const cleared = clearedFor(exchange.request, codec, recipients);
  let sent = { ...exchange, request: known.reduce((request, { without }) => without(request), cleared) };
  let answer = await upstream.send(sent);
  for (const { words, what, without, isOfModel } of codec.repairs) {
    if (!refusals.has(answer.status)) break;
    const request = without(sent.request);
    if (request === sent.request) continue;
    answer = await againIfRefused(answer, words, async () => {
      exchange.log.info(`${what} was left out of a request`, { id: exchange.id });
      sent = { ...sent, request };
      const again = await upstream.send(sent);
      // Else it was something else that was refused.
      if (isOfModel && isSuccess(again.status)) refusedParts.add(what, whose);
      return again;
    });
  }
  return answer;
}

/** Who may get a request by LiteLLM, and what the model takes. */
export interface Receivers {
  readonly recipients: readonly Recipient[];
  readonly traits: ModelTraits;
}

/**
 * The body of a request that is no model call, and has a conversation in it all the same, such as one that has its tokens
 * counted, as a model call would go to LiteLLM: with roles that the model takes, and without what is kept in it for others. It
 * throws a SyntaxError for what is no JSON object. `undefined` for paths that have none.
 */
export function readableBodyFor(
  path: string,
): ((json: Buffer, receivers: Receivers | undefined) => Buffer) | undefined {
  const api = apiNamedIn(path);
  const codec = api === undefined ? undefined : codecOf(api).clientTranslation;
  if (api === undefined || codec === undefined) return undefined;
  const head = { model: undefined, stream: false };
  return (json, receivers) => {
    const request = { api, path, headers: [], raw: json, contentEncoding: undefined, json, head };
    return asReceived(request, codec, receivers).json;
  };
}

function asReceived(
  request: ApiRequest,
  codec: ClientTranslation,
  receivers: Receivers | undefined,
): ApiRequest {
  const taken = receivers && codec.withTakenRoles?.(request, receivers.traits);
  return clearedFor(taken ?? request, codec, receivers?.recipients);
}

/** Without what is kept in its conversation for others than whoever may get it. */
function clearedFor(
  request: ApiRequest,
  codec: ClientTranslation,
  recipients: readonly (Recipient | undefined)[] = [undefined],
): ApiRequest {
  return recipients.reduce((cleared, each) => codec.withoutSeals(cleared, each), request);
}

/** An answer to a call or, where its recipient says that it cannot read what others encrypted or signed, that to the call without it. */
export function againIfUnreadable(
  answer: UpstreamAnswer,
  unreadable: RegExp,
  { id, log }: Pick<Exchange, 'id' | 'log'>,
  again: () => Promise<UpstreamAnswer>,
): Promise<UpstreamAnswer> {
  return againIfRefused(answer, unreadable, () => {
    log.info('what only its maker can read was left out of a request', { id });
    return again();
  });
}

/** An answer to a call or, where it is a refusal in these words, that to the call without what was refused. */
export async function againIfRefused(
  answer: UpstreamAnswer,
  words: RegExp,
  again: () => Promise<UpstreamAnswer>,
): Promise<UpstreamAnswer> {
  if (!refusals.has(answer.status)) return answer;
  const { bytes, body } = await readShort(answer.body, maxErrorBytes);
  return bytes !== undefined && words.test(bytes.toString()) ? again() : { ...answer, body };
}
