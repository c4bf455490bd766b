import type { IncomingMessage } from 'node:http';
import { CodexPlusError } from '../../kernel/errors.ts';
import type { BodyShare } from './body-budget.ts';
import { ClientLeft } from './client-left.ts';
import { tooLarge } from './decode-body.ts';

/** What holds for the bodies of all requests that are read. */
export interface BodyLimits {
  readonly maxBytes: number;
  /** How long nothing may come of a body that is not whole. */
  readonly idleMs: number;
  /** A new share in what all of them may take together. */
  readonly shareOf: () => BodyShare;
  /** How whoever runs this knows a setting of `server`. */
  readonly settingName: (setting: string) => string;
}

/** What bounds the reading of one. */
export interface BodyBounds extends Omit<BodyLimits, 'shareOf'> {
  readonly share: BodyShare;
}

/**
 * Reads a body whole, as far as its bounds allow. Throws `body_too_large`, `overloaded`, `request_timeout`; rejects
 * when the client leaves.
 */
export function readBody(req: IncomingMessage, bounds: BodyBounds): Promise<Buffer> {
  const { maxBytes, idleMs, share } = bounds;
  const announced = Number(req.headers['content-length'] ?? 0);
  if (announced > maxBytes) return Promise.reject(tooLarge(bounds));
  if (announced > share.free()) return Promise.reject(share.refusal());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const giveUp = (fault: CodexPlusError): void => {
      clearTimeout(idle);
      req.removeAllListeners('data');
      chunks.length = 0;
      reject(fault);
    };
    const idle = setTimeout(() => {
      giveUp(bodyStalled(bounds));
    }, idleMs);
    const take = (chunk: Buffer): void => {
      bytes += chunk.length;
      const fault = bytes > maxBytes ? tooLarge(bounds) : share.take(chunk.length);
      if (fault === undefined) {
        chunks.push(chunk);
        idle.refresh();
      } else giveUp(fault);
    };
    const left = (): void => {
      clearTimeout(idle);
      // Every request closes; an error with its stack is made for those that did so too early.
      if (!req.complete) reject(new ClientLeft());
    };
    const end = (): void => {
      clearTimeout(idle);
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, bytes));
      // The request is there for as long as its answer, and would hold the body with them.
      req.off('data', take).off('error', left).off('close', left).on('error', ignore);
    };
    req.on('data', take).once('end', end).once('error', left).once('close', left);
  });
}

function ignore(): void {
  // Whoever leaves now leaves an answer.
}

/** The error for a body of which nothing more came. */
export function bodyStalled({
  idleMs,
  settingName,
}: Pick<BodyLimits, 'idleMs' | 'settingName'>): CodexPlusError {
  return new CodexPlusError(
    'request_timeout',
    `nothing more of the request body came within ${idleMs} ms; send the request again, or raise ${settingName('bodyIdleMs')}`,
  );
}
