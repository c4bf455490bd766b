import type { Exchange } from '../../kernel/exchange.ts';
import { withoutHeaders } from '../../kernel/headers.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { Upstream, UpstreamAnswer } from '../../kernel/upstream.ts';
import { withJson } from '../../protocol/json/with-json.ts';
import type { TranslatedRequest } from '../../protocol/translation/translate-request.ts';
import type { ProviderTranslation } from '../../protocol/translation/translation-codec.ts';
import { againIfRefused, againIfUnreadable } from '../route/readable-history.ts';
import type { RefusedParts } from '../route/refused-parts.ts';

/** A request as it was written for its provider. */
export interface WrittenCall extends TranslatedRequest {
  readonly provider: ProviderTranslation;
}

/** What of a request its provider may refuse, and a model does without. */
interface RefusedPart {
  readonly name: string;
  /** How it is refused. */
  readonly words: RegExp;
  /** For the log. */
  readonly what: string;
  /** The call without it; `undefined` where it has none. */
  readonly without: (call: WrittenCall) => WrittenCall | undefined;
}

const refusedParts: readonly RefusedPart[] = [
  {
    name: 'thoughts',
    // OpenAI's words to an organization that it has not verified.
    words: /to generate reasoning summaries/,
    what: 'the provider shows no thoughts to its organization',
    without: ({ request, ...call }) => {
      const { reasoning } = request;
      if (reasoning?.isShown !== true) return undefined;
      return rewritten({ ...call, request: { ...request, reasoning: { ...reasoning, isShown: false } } });
    },
  },
  {
    name: 'effort',
    // xAI's words of each of its models that decides itself how long to think; LiteLLM does not tell which they are.
    words: /does not support parameter reasoningEffort/,
    what: 'the model takes no effort',
    without: ({ traits, ...call }) =>
      traits.efforts?.length === 0 ? undefined : rewritten({ ...call, traits: { ...traits, efforts: [] } }),
  },
];

function rewritten(call: WrittenCall): WrittenCall {
  return { ...call, body: call.provider.writeRequest(call.request, call.names, call.traits) };
}

/** Sends a call and, where its provider refuses something that it can do without, once more without that. */
export async function sendWritten(
  exchange: Exchange,
  upstream: Upstream,
  call: WrittenCall,
  refused: RefusedParts,
): Promise<UpstreamAnswer> {
  const whose = `${upstream.kind} ${call.request.model}`;
  const known = refusedParts.filter(({ name }) => refused.has(name, whose));
  let sent = known.reduce((left, { without }) => without(left) ?? left, call);
  let answer = await sendReadableBody(exchange, upstream, sent);
  for (const { name, words, what, without } of refusedParts) {
    if (answer.status !== 400) break;
    const less = without(sent);
    if (less === undefined) continue;
    answer = await againIfRefused(answer, words, () => {
      exchange.log.info(what, { id: exchange.id });
      refused.add(name, whose);
      sent = less;
      return sendReadableBody(exchange, upstream, sent);
    });
  }
  return answer;
}

/** What only its maker can read is left out where the provider says that it cannot. */
async function sendReadableBody(
  exchange: Exchange,
  upstream: Upstream,
  { provider, body, request, names, traits }: WrittenCall,
): Promise<UpstreamAnswer> {
  const send = (written: JsonObject): Promise<UpstreamAnswer> =>
    upstream.send(withBody(exchange, provider.path, written));
  const answer = await send(body);
  const { blobs } = provider;
  if (blobs === undefined) return answer;
  const entries = request.entries.filter(
    (entry) => entry.kind !== 'reasoning' || entry.original?.origin !== blobs.origin,
  );
  if (entries.length === request.entries.length) return answer;
  return againIfUnreadable(answer, blobs.unreadable, exchange, () =>
    send(provider.writeRequest({ ...request, entries }, names, traits)),
  );
}

/**
 * The provider's answer is read here, so that it may not come encoded; what a client asks of Anthropic is in its API's terms;
 * and the body is JSON whatever the client's was announced as.
 */
const unfit = new Set(['accept-encoding', 'anthropic-beta', 'anthropic-version', 'content-type']);

function withBody(exchange: Exchange, path: string, body: JsonObject): Exchange {
  const { request } = exchange;
  const written = withJson(request, Buffer.from(JSON.stringify(body)));
  const headers = [
    ...withoutHeaders(written.headers, unfit),
    ...['content-type', 'application/json', 'accept-encoding', 'identity'],
  ];
  return { ...exchange, request: { ...written, path, headers } };
}
