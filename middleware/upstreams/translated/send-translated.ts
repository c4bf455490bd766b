import type { AnswerLimits } from '../../kernel/answer-limits.ts';
import { CodexPlusError } from '../../kernel/errors.ts';
import type { ModelCall } from '../../kernel/exchange-record.ts';
import type { ApiRequest, Exchange } from '../../kernel/exchange.ts';
import { withoutHeaders } from '../../kernel/headers.ts';
import { objectIn, parseJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import type { Upstream, UpstreamAnswer } from '../../kernel/upstream.ts';
import { isSuccess, kindAsAsked } from '../../protocol/answer-kind.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import { withJson } from '../../protocol/json/with-json.ts';
import { requirePlain } from '../../protocol/require-plain.ts';
import { collectWhole } from '../../protocol/sse/collect-whole.ts';
import { translateRequest, type TranslatedRequest } from '../../protocol/translation/translate-request.ts';
import type { ClientTranslation, ProviderTranslation } from '../../protocol/translation/translation-codec.ts';
import { usageOfAnswer } from '../../protocol/usage.ts';
import { againIfUnreadable, sendReadable } from '../route/readable-history.ts';
import { bytesStream } from '../transport/bytes-stream.ts';
import type { TranslationTarget } from './target-of-model.ts';
import { translatedStream } from './translated-stream.ts';

export interface TranslationOptions {
  readonly limits: AnswerLimits;
  /** In seconds since 1970. */
  readonly nowSeconds: () => number;
}

interface Translation extends TranslatedRequest {
  readonly client: ClientTranslation;
  readonly provider: ProviderTranslation;
}

/**
 * Sends a call in the API of its target where the client speaks another, and gives the answer in the client's. Without
 * a target, or to one that speaks the client's API, it goes as it is.
 */
export async function sendTranslated(
  exchange: Exchange,
  upstream: Upstream,
  target: TranslationTarget | undefined,
  options: TranslationOptions,
): Promise<UpstreamAnswer> {
  const { request } = exchange;
  const client = clientTranslationOf(request);
  const provider =
    target === undefined || target.ownApis.includes(request.api)
      ? undefined
      : codecOf(target.api).providerTranslation;
  if (client === undefined || target === undefined || provider === undefined)
    return sendReadable(upstream, exchange, target?.traits);
  const translated = translateRequest(
    objectIn(JSON.parse(request.json.toString())),
    { client, provider },
    target.traits,
  );
  const answer = await sendReadableBody(exchange, upstream, { ...translated, provider });
  if (!isSuccess(answer.status)) return { ...answer, isErrorForeign: true };
  requirePlain(answer);
  const translation = { ...translated, client, provider };
  if (kindAsAsked(answer.headers, exchange) === 'events') return streamed(answer, translation, options);
  let whole: JsonObject | undefined;
  try {
    whole = readObject(await collectWhole(answer.body, options.limits.maxEventBytes));
    return written(answer, whole, translation, options);
  } catch (error) {
    // It is no answer for the client, and was paid for all the same.
    const usage = whole === undefined ? undefined : usageOfAnswer(target.api, whole);
    exchange.record.addFailedCall({ ...callOf(answer), usage });
    throw error;
  }
}

function callOf({ route, provider, status, costUsd }: UpstreamAnswer): Omit<ModelCall, 'usage'> {
  return { purpose: 'answer', route, provider, status, costUsd };
}

/** What only the deployment that made it can read is left out where the provider says that it cannot. */
async function sendReadableBody(
  exchange: Exchange,
  upstream: Upstream,
  { provider, body, request, names, traits }: Omit<Translation, 'client'>,
): Promise<UpstreamAnswer> {
  const send = (written: JsonObject): Promise<UpstreamAnswer> =>
    upstream.send(withBody(exchange, provider.path, written));
  const answer = await send(body);
  const entries = request.entries.filter(
    (entry) => entry.kind !== 'reasoning' || entry.original?.origin !== 'openai',
  );
  if (entries.length === request.entries.length) return answer;
  return againIfUnreadable(answer, exchange, () =>
    send(provider.writeRequest({ ...request, entries }, names, traits)),
  );
}

/** `undefined` for a path that asks for no answer of a model, such as one that counts tokens. */
export function clientTranslationOf({ api, path }: ApiRequest): ClientTranslation | undefined {
  const { clientTranslation, compactionTranslation } = codecOf(api);
  const [name = ''] = path.split('?', 1);
  return [clientTranslation, compactionTranslation].find(
    (client) => client !== undefined && name.endsWith(client.path),
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

/** As the provider answered; what is no JSON says nothing that a client could have. */
function readObject(text: Buffer): JsonObject {
  const body = parseJsonObject(text.toString());
  if (body === undefined)
    throw new CodexPlusError(
      'upstream_unreadable',
      "the upstream's answer to a model call is no JSON object",
    );
  return body;
}

const ofTheBody = new Set(['content-length', 'content-type']);

function streamed(
  answer: UpstreamAnswer,
  { client, provider, request, names, callIds, traits }: Translation,
  { limits, nowSeconds }: TranslationOptions,
): UpstreamAnswer {
  const sides = {
    reader: provider.openReader(names, traits, callIds),
    writer: client.openWriter(request, nowSeconds()),
  };
  return {
    ...answer,
    headers: [
      ...withoutHeaders(answer.headers, ofTheBody),
      ...['content-type', 'text/event-stream; charset=utf-8'],
    ],
    body: translatedStream(answer.body, sides, limits),
  };
}

/** Throws a CodexPlusError for an answer that says itself that it failed, or is not whole. */
function written(
  answer: UpstreamAnswer,
  whole: JsonObject,
  { client, provider, request, names, callIds, traits }: Translation,
  { nowSeconds }: TranslationOptions,
): UpstreamAnswer {
  const events = provider.readAnswer(whole, names, traits, callIds);
  const body = client.writeAnswer(events, request, nowSeconds());
  const bytes = Buffer.from(JSON.stringify(body));
  return {
    ...answer,
    headers: [
      ...withoutHeaders(answer.headers, ofTheBody),
      ...['content-type', 'application/json', 'content-length', String(bytes.length)],
    ],
    body: bytesStream(bytes),
  };
}
