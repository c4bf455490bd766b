import type { AnswerFilter } from '../../kernel/answer-filter.ts';
import type { AnswerLimits } from '../../kernel/answer-limits.ts';
import type { ByteStream } from '../../kernel/byte-stream.ts';
import { CodexPlusError } from '../../kernel/errors.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import { withoutHeaders } from '../../kernel/headers.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import type { Reply } from '../../kernel/reply.ts';
import type { SseFrame } from '../../kernel/sse-frame.ts';
import type { UpstreamAnswer } from '../../kernel/upstream.ts';
import { isSuccess, kindAsAsked } from '../../protocol/answer-kind.ts';
import { requirePlain } from '../../protocol/require-plain.ts';
import { requireReadable } from '../../protocol/require-readable.ts';
import { collectWhole } from '../../protocol/sse/collect-whole.ts';
import { readFrames } from '../../protocol/sse/read-frames.ts';

const encodingHeaders = new Set(['accept-encoding']);
const lengthHeaders = new Set(['content-length']);

/** The exchange as it goes up when its answer will be read: an encoded answer could not be cut into frames. */
export function askingForPlainAnswer(exchange: Exchange): Exchange {
  const { request } = exchange;
  const headers = [...withoutHeaders(request.headers, encodingHeaders), 'accept-encoding', 'identity'];
  return { ...exchange, request: { ...request, headers } };
}

/** The reply that passes an answer on as its bytes come. */
export function untouchedReply({ status, statusMessage, headers, body: stream }: UpstreamAnswer): Reply {
  return { kind: 'reply', status, statusMessage, headers, body: { kind: 'stream', stream } };
}

/** The filters that want an answer, and how much of it they may hold. */
interface FilterOptions {
  readonly filters: readonly AnswerFilter[];
  readonly limits: AnswerLimits;
}

/**
 * The reply to an answer with the filters applied in order. Only answers that a model gave are filtered: an error
 * status goes on as it is. Throws `upstream_unreadable` when the answer came encoded all the same or cannot be
 * read, so that nothing slips past, and `answer_too_large` when it is larger than may be held.
 */
export async function filterAnswer(
  answer: UpstreamAnswer,
  { filters, limits }: FilterOptions,
  exchange: Exchange,
): Promise<Reply> {
  const { status, headers, body: stream } = answer;
  const plain = untouchedReply(answer);
  if (!isSuccess(status)) return plain;
  requirePlain(answer);
  if (kindAsAsked(headers, exchange) === 'events') {
    return {
      ...plain,
      headers: withoutHeaders(headers, lengthHeaders),
      body: filteredStream(stream, { filters, limits }, exchange),
    };
  }
  const bytes = await filterJson(await collectWhole(stream, limits.maxEventBytes), filters, exchange);
  return {
    ...plain,
    headers: [...withoutHeaders(headers, lengthHeaders), 'content-length', String(bytes.length)],
    body: { kind: 'bytes', bytes },
  };
}

function filteredStream(
  stream: ByteStream,
  { filters, limits }: FilterOptions,
  exchange: Exchange,
): Reply['body'] {
  const passing = filters.length === 1 ? filters[0]?.bytes?.(stream, exchange) : undefined;
  if (passing !== undefined) return { kind: 'stream', stream: passing };
  let frames: AsyncIterable<SseFrame> = readFrames(stream, limits);
  for (const filter of filters) frames = filter.events(frames, exchange);
  return { kind: 'frames', frames };
}

/** The same bytes when no filter changed anything. */
async function filterJson(
  bytes: Buffer,
  filters: readonly AnswerFilter[],
  exchange: Exchange,
): Promise<Buffer> {
  if (filters.every((filter) => filter.passes?.(bytes, exchange) === true)) return bytes;
  const text = bytes.toString();
  requireReadable(text);
  const before = parseObject(text);
  let after = before;
  for (const filter of filters) after = await filter.json(after, exchange, text);
  return after === before ? bytes : Buffer.from(JSON.stringify(after));
}

function parseObject(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CodexPlusError('upstream_unreadable', 'the upstream answered with JSON that cannot be read', {
      cause,
    });
  }
  if (isJsonObject(value)) return value;
  throw new CodexPlusError('upstream_unreadable', 'the upstream answered with JSON that is no object');
}
