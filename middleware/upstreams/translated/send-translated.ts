import type { AnswerLimits } from '../../kernel/answer-limits.ts';
import { CodexPlusError } from '../../kernel/errors.ts';
import type { ModelCall } from '../../kernel/exchange-record.ts';
import type { Api, ApiRequest, Client, Exchange } from '../../kernel/exchange.ts';
import { withoutHeaders } from '../../kernel/headers.ts';
import { objectIn, parseJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import type { Upstream, UpstreamAnswer } from '../../kernel/upstream.ts';
import { isSuccess, kindAsAsked } from '../../protocol/answer-kind.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import { parseWithExactInputs } from '../../protocol/json/exact-numbers.ts';
import { requireReadable } from '../../protocol/require-readable.ts';
import { requirePlain } from '../../protocol/require-plain.ts';
import { collectWhole } from '../../protocol/sse/collect-whole.ts';
import { withoutHalfLetters } from '../../protocol/json/without-half-letters.ts';
import { CallIds } from '../../protocol/translation/call-id.ts';
import { refuseEmpty, refusingEmpty } from '../../protocol/translation/refuse-empty.ts';
import { ToolNames } from '../../protocol/translation/tool-names.ts';
import { translateRequest } from '../../protocol/translation/translate-request.ts';
import type { ClientTranslation, ProviderTranslation } from '../../protocol/translation/translation-codec.ts';
import { usageOfAnswer } from '../../protocol/usage.ts';
import { sendReadable } from '../route/readable-history.ts';
import { bytesStream } from '../transport/bytes-stream.ts';
import { readInsteadOfStream } from './instead-of-stream.ts';
import { notingUsage } from './note-usage.ts';
import type { LeftOutTools } from './left-out-tools.ts';
import type { RefusedParts } from '../route/refused-parts.ts';
import { sendWritten, type WrittenCall } from './send-written.ts';
import type { TranslationTarget } from './target-of-model.ts';
import { translatedStream } from './translated-stream.ts';
import { withoutQuery } from '../../protocol/api-path.ts';

export interface TranslationOptions {
  readonly limits: AnswerLimits;
  /** In seconds since 1970. */
  readonly nowSeconds: () => number;
  readonly refusedParts: RefusedParts;
  readonly leftOutTools: LeftOutTools;
}

interface Translation extends Omit<WrittenCall, 'body' | 'provider'> {
  readonly client: ClientTranslation;
  readonly provider: Pick<ProviderTranslation, 'openReader' | 'readAnswer'>;
  /** The provider's. */
  readonly api: Api;
}

/**
 * Sends a call in the API of its target where the client speaks another, and gives the answer in the client's. Without
 * a target, or to one that speaks the client's API, it goes as it is, unless it asks there for a summary and the target makes none.
 */
export async function sendTranslated(
  exchange: Exchange,
  upstream: Upstream,
  target: TranslationTarget | undefined,
  options: TranslationOptions,
): Promise<UpstreamAnswer> {
  const { request } = exchange;
  const client = clientTranslationOf(request);
  const provider = target && codecOf(target.api).providerTranslation;
  if (client === undefined || target === undefined || provider === undefined)
    return sendUntranslated(exchange, upstream, target, options);
  const sides = { client, provider, target };
  if (!target.ownApis.includes(request.api)) return sendWrittenAnew(exchange, upstream, sides, options);
  return asksInVain(request, target)
    ? sendForSummary(exchange, upstream, sides, options)
    : sendUntranslated(exchange, upstream, target, options);
}

/** Whether a call asks for a summary that its provider does not make. */
export function asksInVain(request: ApiRequest, { sumsUp }: Pick<TranslationTarget, 'sumsUp'>): boolean {
  return !sumsUp && clientTranslationOf(request)?.summaries?.isAsked(request) === true;
}

interface Sides {
  readonly client: ClientTranslation;
  readonly provider: ProviderTranslation;
  readonly target: TranslationTarget;
}

async function sendWrittenAnew(
  exchange: Exchange,
  upstream: Upstream,
  { client, provider, target }: Sides,
  options: TranslationOptions,
): Promise<UpstreamAnswer> {
  const translated = translateRequest(
    objectIn(parseWithExactInputs(exchange.request.json.toString())),
    { client, provider },
    target.traits,
  );
  options.leftOutTools.tell(translated.request.leftOutTools, exchange.log);
  const answer = await sendWritten(exchange, upstream, { ...translated, provider }, options.refusedParts);
  if (!isSuccess(answer.status)) return { ...answer, isErrorForeign: true };
  return clientsAnswer(answer, { ...translated, client, provider, api: target.api }, exchange, options);
}

/** As it is, but that its model is asked to write what its provider does not make: all that the provider knows of it counts. */
async function sendForSummary(
  exchange: Exchange,
  upstream: Upstream,
  { client, target }: Omit<Sides, 'provider'>,
  options: TranslationOptions,
): Promise<UpstreamAnswer> {
  const { request } = exchange;
  const { summaries } = client;
  if (summaries === undefined) throw new TypeError('the API has no calls for a summary');
  const asked = { ...exchange, request: summaries.question(request) };
  const answer = await sendReadable(upstream, asked, { ...options, recipients: target.recipients });
  if (!isSuccess(answer.status)) return answer;
  const none = { names: new ToolNames([]), callIds: new CallIds([]) };
  const call = { request: summaries.read(asked.request), traits: target.traits, ...none };
  const { provider } = summaries;
  return clientsAnswer(answer, { ...call, client, provider, api: request.api }, asked, options);
}

/** A provider's answer as one in the client's API. */
async function clientsAnswer(
  answer: UpstreamAnswer,
  translation: Translation,
  exchange: Exchange,
  options: TranslationOptions,
): Promise<UpstreamAnswer> {
  requirePlain(answer);
  const { api } = translation;
  if (kindAsAsked(answer.headers, exchange) === 'events')
    return streamed(readInsteadOfStream(answer, api, options.limits), translation, {
      ...options,
      record: exchange.record,
      asker: exchange.client,
    });
  let whole: JsonObject | undefined;
  try {
    whole = readObject(await collectWhole(answer.body, options.limits.maxEventBytes));
    return written(answer, whole, translation, options);
  } catch (error) {
    // It is no answer for the client, and was paid for all the same.
    const usage = whole === undefined ? undefined : usageOfAnswer(api, whole);
    exchange.record.addFailedCall({ ...callOf(answer), usage });
    throw error;
  }
}

/** As it is, but for roles and an effort that its model does not take. */
async function sendUntranslated(
  exchange: Exchange,
  upstream: Upstream,
  target: TranslationTarget | undefined,
  { limits, refusedParts }: TranslationOptions,
): Promise<UpstreamAnswer> {
  const { request } = exchange;
  const client = clientTranslationOf(request);
  client?.refuseEmpty?.(request);
  const sent = { ...exchange, request: asTaken(request, client, target) };
  const reading = { recipients: target?.recipients, refusedParts };
  return readInsteadOfStream(await sendReadable(upstream, sent, reading), request.api, limits);
}

function asTaken(
  request: ApiRequest,
  client: ClientTranslation | undefined,
  target: TranslationTarget | undefined,
): ApiRequest {
  if (target === undefined) return request;
  const taken = client?.withTakenRoles?.(request, target.traits) ?? request;
  return (target.areEffortsKnown ? client?.withTakenEffort?.(taken, target.traits) : undefined) ?? taken;
}

function callOf({ route, provider, status, costUsd }: UpstreamAnswer): Omit<ModelCall, 'usage'> {
  return { purpose: 'answer', route, provider, status, costUsd };
}

/** `undefined` for a path that asks for no answer of a model, such as one that counts tokens. */
export function clientTranslationOf({
  api,
  path,
}: Pick<ApiRequest, 'api' | 'path'>): ClientTranslation | undefined {
  const { clientTranslation, compactionTranslation } = codecOf(api);
  const name = withoutQuery(path);
  return [clientTranslation, compactionTranslation].find(
    (client) => client !== undefined && name.endsWith(client.path),
  );
}

/** As the provider answered; what is no JSON says nothing that a client could have. */
function readObject(bytes: Buffer): JsonObject {
  const text = bytes.toString();
  requireReadable(text);
  if (parseJsonObject(text) === undefined)
    throw new CodexPlusError(
      'upstream_unreadable',
      "the upstream's answer to a model call is no JSON object",
    );
  return objectIn(parseWithExactInputs(text));
}

const ofTheBody = new Set(['content-length', 'content-type']);

function streamed(
  answer: UpstreamAnswer,
  { client, provider, request, names, callIds, traits }: Translation,
  {
    limits,
    nowSeconds,
    record,
    asker,
  }: TranslationOptions & Pick<Exchange, 'record'> & { readonly asker: Client },
): UpstreamAnswer {
  const sides = {
    reader: refusingEmpty(provider.openReader(names, traits, callIds)),
    writer: notingUsage(client.openWriter(request, nowSeconds(), asker), request, record),
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
  const events = refuseEmpty(provider.readAnswer(whole, names, traits, callIds));
  const body = client.writeAnswer(events, request, nowSeconds());
  const bytes = Buffer.from(withoutHalfLetters(JSON.stringify(body)));
  return {
    ...answer,
    headers: [
      ...withoutHeaders(answer.headers, ofTheBody),
      ...['content-type', 'application/json', 'content-length', String(bytes.length)],
    ],
    body: bytesStream(bytes),
  };
}
