import type { Exchange } from '../../kernel/exchange.ts';
import { withoutHeaders } from '../../kernel/headers.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { Upstream, UpstreamAnswer } from '../../kernel/upstream.ts';
import { withJson } from '../../protocol/json/with-json.ts';
import type { TranslatedRequest } from '../../protocol/translation/translate-request.ts';
import type { ProviderTranslation } from '../../protocol/translation/translation-codec.ts';
import { againIfRefused, againIfUnreadable } from '../route/readable-history.ts';
import type { HiddenThoughts } from './hidden-thoughts.ts';

/** A request as it was written for its provider. */
export interface WrittenCall extends TranslatedRequest {
  readonly provider: ProviderTranslation;
}

/** OpenAI's words to an organization that it has not verified. */
const notShown = /to generate reasoning summaries/;

/** Sends a call and, where its provider refuses something that it can do without, once more without that. */
export async function sendWritten(
  exchange: Exchange,
  upstream: Upstream,
  call: WrittenCall,
  hiddenThoughts: HiddenThoughts,
): Promise<UpstreamAnswer> {
  const { model, reasoning } = call.request;
  if (reasoning?.isShown !== true) return sendReadableBody(exchange, upstream, call);
  const whose = `${upstream.kind} ${model}`;
  const hidden = (): Promise<UpstreamAnswer> => {
    const request = { ...call.request, reasoning: { ...reasoning, isShown: false } };
    const body = call.provider.writeRequest(request, call.names, call.traits);
    return sendReadableBody(exchange, upstream, { ...call, request, body });
  };
  if (hiddenThoughts.has(whose)) return hidden();
  return againIfRefused(await sendReadableBody(exchange, upstream, call), notShown, () => {
    exchange.log.info('the provider shows no thoughts to its organization', { id: exchange.id });
    hiddenThoughts.add(whose);
    return hidden();
  });
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
