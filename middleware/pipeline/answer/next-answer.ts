import type { ByteStream } from '../../kernel/byte-stream.ts';
import { collectBytes } from '../../kernel/collect-bytes.ts';
import { CodexPlusError } from '../../kernel/errors.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import { headerValue } from '../../kernel/headers.ts';
import { isJsonObject, type JsonObject, parseJson } from '../../kernel/json-object.ts';
import type { UpstreamAnswer } from '../../kernel/upstream.ts';
import { answerEncoding, isSuccess, kindAsAsked } from '../../protocol/answer-kind.ts';
import { failureIn } from '../../protocol/apis/answer-failure.ts';
import { collectWhole } from '../../protocol/sse/collect-whole.ts';
import { noteRefusedRound } from '../put-back.ts';

type Send = (exchange: Exchange) => Promise<UpstreamAnswer>;

/**
 * The event stream that a client's answer goes on with. Throws where the upstream gives none: half an answer is no
 * answer.
 */
export function nextStream(exchange: Exchange, send: Send): Promise<ByteStream> {
  return next(exchange, send, 'events');
}

/** An answer that is no stream, and its text as it came. */
export interface JsonAnswer {
  readonly answer: JsonObject;
  readonly text: string;
}

/** The same for an answer that is no stream, of at most `maxBytes`. */
export async function nextJson(exchange: Exchange, send: Send, maxBytes: number): Promise<JsonAnswer> {
  const text = (await collectWhole(await next(exchange, send, 'json'), maxBytes)).toString();
  const answer = parseJson(text);
  if (isJsonObject(answer)) return { answer, text };
  throw new CodexPlusError('upstream_unreadable', 'the upstream answered with JSON that cannot be read');
}

const wantedTypes = { events: 'text/event-stream', json: 'application/json' } as const;

async function next(exchange: Exchange, send: Send, wanted: 'events' | 'json'): Promise<ByteStream> {
  const answer = await send(exchange);
  const { status, headers, body } = answer;
  noteRefusedRound(exchange, status);
  if (!isSuccess(status)) throw await refusalOf(answer);
  const encoding = answerEncoding(headers);
  if (encoding === undefined && kindAsAsked(headers, exchange) === wanted) return body;
  body.cancel();
  const type = headerValue(headers, 'content-type') ?? '';
  throw new CodexPlusError(
    'upstream_unreadable',
    `the upstream went on with "${type}" and content-encoding "${encoding ?? 'identity'}" where ${wantedTypes[wanted]} was expected`,
  );
}

const maxReasonLength = 500;
/** What is read of an error: its message stands at the beginning. */
const maxErrorBytes = 64 * 1024;

/** Trying again may help where the upstream is busy or broken, and not where it does not want the request. */
async function refusalOf({ status, body }: UpstreamAnswer): Promise<CodexPlusError> {
  const text = (await collectBytes(body, maxErrorBytes)).toString();
  const reason = (failureIn(text)?.message ?? text).slice(0, maxReasonLength);
  const isPassing = status === 408 || status === 429 || status >= 500;
  return new CodexPlusError(
    isPassing ? 'stream_incomplete' : 'upstream_refused',
    `the upstream did not go on with its answer (status ${status}): ${reason}`,
  );
}
