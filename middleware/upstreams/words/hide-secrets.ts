import { CodexPlusError } from '../../kernel/errors.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import { headerValue, withoutHeaders } from '../../kernel/headers.ts';
import { parseJsonObject } from '../../kernel/json-object.ts';
import type { UpstreamAnswer } from '../../kernel/upstream.ts';
import { answerEncoding, answerKind } from '../../protocol/answer-kind.ts';
import { hasFailed } from '../../protocol/apis/answer-failure.ts';
import { bytesStream } from '../transport/bytes-stream.ts';
import { readShort } from '../transport/read-short.ts';
import { cleanedError, maxErrorBytes } from './cleaned-error.ts';
import type { CleanWords } from './clean-words.ts';
import { ErrorFrames } from './error-frames.ts';
import { LongText } from './long-text.ts';
import { throughFilter } from './through-filter.ts';

type Send = (exchange: Exchange) => Promise<UpstreamAnswer>;

/**
 * Sends model calls, and takes out of every error what an upstream may not say to a client: what it was called with, and where. Answers
 * that did not fail are the model's words, and pass as they are.
 */
export function hideSecrets(send: Send, clean: CleanWords): Send {
  return async (exchange) => {
    let answer: UpstreamAnswer;
    try {
      answer = await send(exchange);
    } catch (error) {
      throw toldError(error, clean);
    }
    // What is called with the client's own login has nothing of ours.
    if (answer.route === 'chatgpt') return answer;
    if (answer.status >= 400) return cleanedRefusal(answer, clean);
    const kind = answerKind(answer.headers);
    if (kind === 'events') return cleanedEvents(answer, clean);
    return kind === 'json' ? cleanedIfFailed(answer, clean) : answer;
  };
}

function toldError(error: unknown, clean: CleanWords): unknown {
  if (!(error instanceof CodexPlusError)) return error;
  const { code, message, retryAfterSeconds, headers } = error;
  return new CodexPlusError(code, clean(message), {
    cause: error.cause,
    headers: headers.map((part, index) => (index % 2 === 1 ? clean(part) : part)),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}

const lengthHeaders = new Set(['content-length']);

async function cleanedRefusal(answer: UpstreamAnswer, clean: CleanWords): Promise<UpstreamAnswer> {
  const statusMessage = clean(answer.statusMessage);
  const { bytes, body } = await readShort(answer.body, maxErrorBytes);
  if (bytes === undefined)
    return {
      ...answer,
      statusMessage,
      headers: withoutHeaders(answer.headers, lengthHeaders),
      body: throughFilter(body, new LongText(clean), (error) => error),
    };
  const cleaned = cleanedError({ headers: answer.headers, bytes }, clean);
  return { ...answer, statusMessage, headers: cleaned.headers, body: bytesStream(cleaned.bytes) };
}

function cleanedEvents(answer: UpstreamAnswer, clean: CleanWords): UpstreamAnswer {
  if (answerEncoding(answer.headers) !== undefined) return answer;
  const told = (error: Error): Error => {
    const cleaned = toldError(error, clean);
    return cleaned instanceof Error ? cleaned : error;
  };
  return { ...answer, body: throughFilter(answer.body, new ErrorFrames(clean), told) };
}

/** Whether an answer under a good status may be an error: such say so before all else. */
const mayHaveFailed = /"error" ?: ?[{"]|"type" ?: ?"error"|"status" ?: ?"failed"/;
const beginningBytes = 4 * 1024;

async function cleanedIfFailed(answer: UpstreamAnswer, clean: CleanWords): Promise<UpstreamAnswer> {
  if (Number(headerValue(answer.headers, 'content-length') ?? 0) > maxErrorBytes) return answer;
  const { bytes, body } = await readShort(answer.body, maxErrorBytes);
  const isOne =
    bytes !== undefined &&
    mayHaveFailed.test(bytes.toString('latin1', 0, beginningBytes)) &&
    hasFailed(parseJsonObject(bytes.toString()) ?? {});
  if (!isOne) return { ...answer, body };
  const cleaned = cleanedError({ headers: answer.headers, bytes }, clean);
  return { ...answer, headers: cleaned.headers, body: bytesStream(cleaned.bytes) };
}
