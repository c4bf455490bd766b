import type { IncomingMessage } from 'node:http';
import type { CodexPlusError } from '../kernel/errors.ts';
import { ClientLeft } from './read/client-left.ts';
import { bodyStalled, readBody, type BodyBounds } from './read/read-body.ts';

const spaces: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);
const openBrace = 0x7b;

/** A body that was read; any other stays in the request, to be streamed. */
export interface PassedBody {
  readonly bytes: Buffer;
  /** Whether it is a JSON object, by how it begins. */
  readonly isObject: boolean;
}

/**
 * The body of a passed request, where it may be a JSON object by its first bytes, whatever it is announced as:
 * LiteLLM reads every body but a form as JSON. One that begins with white space is read too, for what comes behind
 * it. Throws as `readBody` does.
 */
export async function readPassedJson(
  req: IncomingMessage,
  bounds: BodyBounds,
): Promise<PassedBody | undefined> {
  const { 'content-length': length, 'transfer-encoding': coding } = req.headers;
  const hasBody = coding !== undefined || (length !== undefined && length !== '0');
  if (!hasBody) return undefined;
  const first = await firstBytes(req, bounds);
  if (first === undefined) return undefined;
  const begin = beginOf(first);
  if (begin !== undefined && begin !== openBrace) return undefined;
  const bytes = await readBody(req, bounds);
  return { bytes, isObject: beginOf(bytes) === openBrace };
}

function beginOf(bytes: Buffer): number | undefined {
  return bytes.find((byte) => !spaces.has(byte));
}

/** What comes first of a body, and stays in the request; `undefined` where it is empty. */
function firstBytes(req: IncomingMessage, bounds: BodyBounds): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (done: () => void): void => {
      clearTimeout(idle);
      req.off('readable', look).off('end', ended).off('error', left).off('close', left);
      done();
    };
    const fail = (fault: CodexPlusError | ClientLeft): void => {
      settle(() => {
        reject(fault);
      });
    };
    const look = (): void => {
      const chunk = req.read() as Buffer | null;
      if (chunk === null) return;
      // At once: a request whose last bytes were read ends in the next turn, and takes nothing back then.
      req.unshift(chunk);
      settle(() => {
        resolve(chunk);
      });
    };
    const ended = (): void => {
      settle(() => {
        resolve(undefined);
      });
    };
    const left = (): void => {
      fail(new ClientLeft());
    };
    const idle = setTimeout(() => {
      fail(bodyStalled(bounds));
    }, bounds.idleMs);
    req.on('readable', look).on('end', ended).on('error', left).on('close', left);
  });
}
