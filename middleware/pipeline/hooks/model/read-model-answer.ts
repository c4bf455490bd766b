import { asCodexPlusError } from '../../../kernel/errors.ts';
import { collectBytes } from '../../../kernel/collect-bytes.ts';
import { headerValue } from '../../../kernel/headers.ts';
import { isJsonObject, type JsonObject, parseJson } from '../../../kernel/json-object.ts';
import type { ByteStream } from '../../../kernel/byte-stream.ts';
import type { UpstreamAnswer } from '../../../kernel/upstream.ts';
import { answerEncoding, answerKind, isSuccess } from '../../../protocol/answer-kind.ts';
import { failureIn, failureOf, type AnswerFailure } from '../../../protocol/apis/answer-failure.ts';
import type { RoundCodec } from '../../../protocol/apis/round-codec.ts';
import { holdsNone } from '../../../protocol/apis/common/holds-none.ts';
import type { EndPart, RoundItem, RoundReader } from '../../../protocol/apis/round.ts';
import { readFrames } from '../../../protocol/sse/read-frames.ts';

/** All of one answer of a model. */
export interface ModelAnswer {
  readonly items: readonly RoundItem[];
  readonly usage: JsonObject | undefined;
  /** It was cut off at a limit. */
  readonly isCut: boolean;
}

/** More than any verdict takes, with the events that it comes in. */
const maxAnswerBytes = 2 * 1024 * 1024;
const maxReasonLength = 300;

/**
 * Reads an answer to its end. Throws an Error that says what came instead of one: it is for the log, and for
 * nobody's client.
 */
export async function readModelAnswer(answer: UpstreamAnswer, codec: RoundCodec): Promise<ModelAnswer> {
  const { status, headers, body } = answer;
  if (!isSuccess(status)) {
    throw new Error(
      `the model was not reached: status ${status}: ${reasonIn((await collectBytes(body, maxAnswerBytes)).toString())}`,
    );
  }
  const kind = answerEncoding(headers) === undefined ? answerKind(headers) : 'other';
  if (kind === 'events') return readStream(body, codec);
  if (kind === 'json')
    return readWhole(parseJson((await collectBytes(body, maxAnswerBytes)).toString()), codec);
  body.cancel();
  throw new Error(
    `the model was not reached: the upstream answered with "${headerValue(headers, 'content-type') ?? ''}"`,
  );
}

async function readStream(body: ByteStream, codec: RoundCodec): Promise<ModelAnswer> {
  const reader = codec.openReader(holdsNone);
  const isCut = isCutIn(await endsOf(body, reader).catch(tooLong));
  return { items: reader.items(), usage: reader.usage(), isCut };
}

async function endsOf(body: ByteStream, reader: RoundReader): Promise<readonly EndPart[]> {
  const ends: EndPart[] = [];
  const limits = { maxEventBytes: maxAnswerBytes, maxStreamBytes: maxAnswerBytes };
  for await (const frame of readFrames(body, limits)) {
    for (const piece of reader.read(frame)) if (piece.kind === 'end') ends.push(piece);
  }
  return ends;
}

/** The bound is one of ours alone, and not the setting that the error names. */
function tooLong(cause: unknown): never {
  if (asCodexPlusError(cause).code !== 'answer_too_large') throw cause;
  throw new Error('the answer of the model is too long', { cause });
}

function isCutIn(ends: readonly EndPart[]): boolean {
  if (ends.length === 0) throw new Error('the answer of the model broke off');
  const failed = ends.find(({ ending }) => ending === 'failed');
  if (failed !== undefined) throw new Error(`the model failed: ${reasonOf(failureOf(failed.event ?? {}))}`);
  return ends.some(({ ending }) => ending === 'partial');
}

function readWhole(value: unknown, codec: RoundCodec): ModelAnswer {
  if (!isJsonObject(value)) throw new Error('the upstream answered with JSON that cannot be read');
  const { items, usage, ending } = codec.readAnswer(value, holdsNone);
  if (ending === 'failed') throw new Error(`the model failed: ${reasonOf(failureOf(value))}`);
  return { items, usage, isCut: ending === 'partial' };
}

function reasonOf(failure: AnswerFailure): string {
  return (failure.message ?? 'it did not say why').slice(0, maxReasonLength);
}

function reasonIn(body: string): string {
  const failure = failureIn(body);
  return failure === undefined ? body.trim().slice(0, maxReasonLength) : reasonOf(failure);
}
