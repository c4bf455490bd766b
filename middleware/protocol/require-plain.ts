import { CodexPlusError } from '../kernel/errors.ts';
import type { UpstreamAnswer } from '../kernel/upstream.ts';
import { answerEncoding } from './answer-kind.ts';

/** Gives an answer up that came encoded although a plain one was asked for: nothing in it can be read. */
export function requirePlain({ headers, body }: Pick<UpstreamAnswer, 'headers' | 'body'>): void {
  const encoding = answerEncoding(headers);
  if (encoding === undefined) return;
  body.cancel();
  throw new CodexPlusError(
    'upstream_unreadable',
    `the upstream answered with content-encoding "${encoding}" although a plain answer was asked for`,
  );
}
