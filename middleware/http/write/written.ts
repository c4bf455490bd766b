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

/** The status of a request whose client left before it had one; as nginx has it, since HTTP knows none. */
export const clientLeftStatus = 499;

/**
 * How a reply ended whose connection is closed. A client that leaves after the terminal event has all that it waited for:
 * Codex closes its connection as soon as it has read `response.completed`.
 */
export function endingOf(
  res: ServerResponse,
  tail: AnswerTail,
  error: CodexPlusError | undefined,
): Written['ending'] {
  if (error !== undefined) return isOurs(error) ? 'ended-here' : 'upstream-broke';
  const hasAll = res.writableFinished || (tail.isEventStream && tail.isComplete());
  return hasAll ? 'completed' : 'client-left';
}
