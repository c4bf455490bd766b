import { CodexPlusError, type RefusalNames } from '../../kernel/errors.ts';
import type { Api, Exchange } from '../../kernel/exchange.ts';
import { headerValue, withoutHeaders } from '../../kernel/headers.ts';
import { parseJsonObject } from '../../kernel/json-object.ts';
import type { UpstreamAnswer } from '../../kernel/upstream.ts';
import { answerEncoding, kindAsAsked } from '../../protocol/answer-kind.ts';
import { hasFailed } from '../../protocol/apis/answer-failure.ts';
import { carriesModelWords, mayBeOddAnswer } from '../../protocol/apis/model-words.ts';
import { bytesStream } from '../transport/bytes-stream.ts';
import { readShort } from '../transport/read-short.ts';
import { cleanedError, cleanedHeaders, maxErrorBytes } from './cleaned-error.ts';
import { cleanEnds, cleanText, type CleanWords } from './clean-words.ts';
import { decodedError } from './decoded-error.ts';
import { ErrorFrames } from './error-frames.ts';
import { LongText } from './long-text.ts';
import { throughFilter } from './through-filter.ts';
import { errorInAnswer, tellFailedEvents } from './told-failure.ts';
import { UntilOdd } from './until-odd.ts';

type Send = (exchange: Exchange) => Promise<UpstreamAnswer>;

/** Words for a failure with who was called, where they say "the provider"; `answer`: whose answer it is in, where there was one. */
export type NameCalled = (
  message: string,
  model: string,
  answer: Pick<UpstreamAnswer, 'route' | 'provider'> | undefined,
) => string;

interface HideOptions {
  readonly clean: CleanWords;
  readonly maxEventBytes?: number;
  readonly nameCalled?: NameCalled;
}

/** How what fails in one answer is told. */
interface Telling {
  readonly clean: CleanWords;
  readonly name: (message: string) => string;
  readonly error: (error: Error) => Error;
}

/**
 * Sends model calls, and takes out of every error what an upstream may not say to a client: what it was called with, and where. What a
 * model says passes as it is. What failed under a good status is told as the error that it is, and LiteLLM's words in a stream as the
 * client's. Words of ours for an answer that broke off say who was called.
 */
export function hideSecrets(send: Send, options: HideOptions): Send {
  return async (exchange) => {
    let answer: UpstreamAnswer | undefined;
    try {
      answer = await send(exchange);
      return await cleaned(answer, exchange, options);
    } catch (error) {
      // An answer that came, and was none, is in the record alone.
      const called = answer ?? exchange.record.calls.at(-1);
      throw error instanceof Error ? tellingOf(exchange, called, options).error(error) : error;
    }
  };
}

function tellingOf(
  { request }: Exchange,
  answer: Parameters<NameCalled>[2],
  { clean, nameCalled = (message) => message }: HideOptions,
): Telling {
  // Its words are asked for as long as the answer lasts, and the request is not.
  const { model = '' } = request.head;
  const { route, provider } = answer ?? {};
  const called = route === undefined ? undefined : { route, provider };
  const name = (message: string): string => nameCalled(message, model, called);
  return {
    ...{ clean, name },
    error: (error) => (error instanceof CodexPlusError ? toldError(error, clean, name) : error),
  };
}

async function cleaned(
  answer: UpstreamAnswer,
  exchange: Exchange,
  options: HideOptions,
): Promise<UpstreamAnswer> {
  // What is called with the client's own login has nothing of ours.
  if (answer.route === 'chatgpt') return answer;
  const telling = tellingOf(exchange, answer, options);
  if (answer.status >= 400) return cleanedRefusal(answer, telling.clean);
  return kindAsAsked(answer.headers, exchange) === 'events'
    ? cleanedEvents(answer, exchange.request.api, telling, options.maxEventBytes)
    : cleanedIfOdd(answer, telling);
}

/** An error without what may not be said to a client. */
export function cleanedTold(error: CodexPlusError, clean: CleanWords): CodexPlusError {
  return toldError(error, clean, (message) => message);
}

function toldError(error: CodexPlusError, clean: CleanWords, name: Telling['name']): CodexPlusError {
  const { code, message, retryAfterSeconds, headers, names, param } = error;
  return new CodexPlusError(code, clean(name(message)), {
    cause: error.cause,
    headers: cleanedHeaders(headers, clean),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...(names === undefined ? {} : { names: cleanedNames(names, clean) }),
    ...(param === undefined ? {} : { param: clean(param) }),
  });
}

function cleanedNames({ status, ...names }: RefusalNames, clean: CleanWords): RefusalNames {
  const cleaned = Object.entries(names).map(([key, name]: [string, string]) => [key, clean(name)] as const);
  return { status, ...Object.fromEntries(cleaned) };
}

const lengthHeaders = new Set(['content-length']);

async function cleanedRefusal(answer: UpstreamAnswer, clean: CleanWords): Promise<UpstreamAnswer> {
  const statusMessage = clean(answer.statusMessage);
  const { bytes, body } = await readShort(answer.body, maxErrorBytes);
  if (bytes === undefined)
    return {
      ...answer,
      statusMessage,
      headers: cleanedHeaders(withoutHeaders(answer.headers, lengthHeaders), clean),
      body: throughFilter(body, new LongText(clean), (error) => error),
    };
  const cleaned = cleanedError({ headers: answer.headers, bytes }, clean);
  return { ...answer, statusMessage, headers: cleaned.headers, body: bytesStream(cleaned.bytes) };
}

function cleanedEvents(
  answer: UpstreamAnswer,
  api: Api,
  { clean, name, error }: Telling,
  maxEventBytes: number | undefined,
): UpstreamAnswer {
  if (answerEncoding(answer.headers) !== undefined) return answer;
  const tell = tellFailedEvents(api, { isLitellms: answer.route === 'litellm', name });
  return { ...answer, body: throughFilter(answer.body, new ErrorFrames(clean, maxEventBytes, tell), error) };
}

async function cleanedIfOdd(answer: UpstreamAnswer, telling: Telling): Promise<UpstreamAnswer> {
  if (Number(headerValue(answer.headers, 'content-length') ?? 0) > maxErrorBytes)
    return withLongCleaned(answer, telling);
  const { bytes, body } = await readShort(answer.body, maxErrorBytes);
  if (bytes === undefined) return withLongCleaned({ ...answer, body }, telling);
  if (!mayBeOddAnswer(bytes.toString('latin1'))) return { ...answer, body };
  const told = parseJsonObject(decodedError(bytes, answerEncoding(answer.headers))?.toString() ?? '');
  const error = told === undefined ? undefined : errorInAnswer(told);
  if (error !== undefined) throw error;
  const isWords = told !== undefined && !hasFailed(told) && carriesModelWords(told);
  const { headers } = answer;
  const cleaned = cleanedError({ headers, bytes }, telling.clean, isWords ? cleanEnds : cleanText);
  return { ...answer, headers: cleaned.headers, body: bytesStream(cleaned.bytes) };
}

/** Of an answer that is too long to be held, and may change its length. */
function withLongCleaned(answer: UpstreamAnswer, { clean, error }: Telling): UpstreamAnswer {
  if (answerEncoding(answer.headers) !== undefined) return answer;
  return {
    ...answer,
    headers: withoutHeaders(answer.headers, lengthHeaders),
    body: throughFilter(answer.body, new UntilOdd(clean), error),
  };
}
