import type { ServerResponse } from 'node:http';
import { isOurs, type CodexPlusError } from '../../kernel/errors.ts';
import type { Ending } from '../../kernel/outcome.ts';
import type { Usage } from '../../kernel/usage.ts';
import type { AnswerFailure } from '../../protocol/apis/answer-failure.ts';
import type { AnswerTail } from '../../protocol/answer-tail.ts';

/** What became of a reply on its way to the client. */
export interface Written {
  readonly ending: Exclude<Ending, 'local'>;
  /** The one that went out, or would have. */
  readonly status: number;
  readonly bytesOut: number;
  /** `performance.now()` at the first byte of the body. */
  readonly firstByteAt: number | undefined;
  readonly usage: Usage | undefined;
  /** What the upstream itself said of its failure, in an answer with status 200. */
  readonly failure?: AnswerFailure | undefined;
  readonly error: CodexPlusError | undefined;
}

/** Told before the last bytes of a reply go out, maybe more than once: with the first of them all is known but the time that it takes. */
export type OnWhole = (written: Written) => void;

/** How far a reply got. */
export interface Progress {
  readonly bytesOut: number;
  readonly firstByteAt: number | undefined;
  readonly error: CodexPlusError | undefined;
}

/** What became of a reply whose connection is closed. */
export function writtenAll(res: ServerResponse, tail: AnswerTail, progress: Progress): Written {
  return writtenAs(endingOf(res, tail, progress.error), res, tail, progress);
}

/** What will have become of a reply that ends now, if its client stays. */
export function writtenSoon(res: ServerResponse, tail: AnswerTail, progress: Progress): Written {
  const { error } = progress;
  return writtenAs(error === undefined ? 'completed' : endingWith(error), res, tail, progress);
}

function writtenAs(
  ending: Written['ending'],
  { statusCode }: ServerResponse,
  tail: AnswerTail,
  progress: Progress,
): Written {
  return { ending, status: statusCode, ...progress, usage: tail.usage(), failure: tail.failure() };
}

/** The status of a request whose client left before it had one; as nginx has it, since HTTP knows none. */
export const clientLeftStatus = 499;

/**
 * How a reply ended whose connection is closed. A client that leaves after the terminal event has all that it waited for:
 * Codex closes its connection as soon as it has read `response.completed`.
 */
function endingOf(
  res: ServerResponse,
  tail: AnswerTail,
  error: CodexPlusError | undefined,
): Written['ending'] {
  if (error !== undefined) return endingWith(error);
  const hasAll = res.writableFinished || (tail.isEventStream && tail.isComplete());
  return hasAll ? 'completed' : 'client-left';
}

function endingWith(error: CodexPlusError): Written['ending'] {
  return isOurs(error) ? 'ended-here' : 'upstream-broke';
}
