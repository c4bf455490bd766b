import { STATUS_CODES, validateHeaderName, validateHeaderValue, type ServerResponse } from 'node:http';
import { CodexPlusError } from '../../kernel/errors.ts';
import type { RawHeaders } from '../../kernel/headers.ts';

/** What stands before the body of an answer. */
export interface AnswerHead {
  readonly status: number;
  readonly statusMessage?: string | undefined;
  readonly headers: RawHeaders;
}

/**
 * Sends the head of an answer, whatever its upstream put into it. Node refuses what it would not parse itself: a
 * reason phrase is then the standard one, and a header that cannot be sent is left out. Throws
 * `upstream_unreadable` for a status that is none.
 */
export function writeHead(res: ServerResponse, head: AnswerHead): void {
  const { status, statusMessage } = head;
  // Which page may read an answer is said here; what its upstream says is for pages of another server.
  const headers = res.hasHeader('access-control-allow-origin') ? withoutCors(head.headers) : head.headers;
  requireStatus(status);
  try {
    res.writeHead(status, statusMessage, headers as string[]);
  } catch (cause) {
    if (res.headersSent) throw cause;
    res.writeHead(status, STATUS_CODES[status] ?? '', sendable(headers));
  }
}

/** Throws `upstream_unreadable` for a status that no answer can have. */
export function requireStatus(status: number): void {
  if (status >= 200 && status <= 999) return;
  throw new CodexPlusError(
    'upstream_unreadable',
    `the upstream answered with the status ${status}, which is no status of an answer`,
  );
}

function withoutCors(headers: RawHeaders): string[] {
  return Array.from({ length: headers.length / 2 }, (_, i) => headers.slice(2 * i, 2 * i + 2))
    .filter(([name]) => !/^access-control-/i.test(name ?? ''))
    .flat();
}

function sendable(headers: RawHeaders): string[] {
  const kept: string[] = [];
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i] ?? '';
    const value = headers[i + 1] ?? '';
    if (canBeSent(name, value)) kept.push(name, value);
  }
  return kept;
}

function canBeSent(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    // Node takes it for an answer in chunks only.
    return name.toLowerCase() !== 'trailer';
  } catch {
    return false;
  }
}
