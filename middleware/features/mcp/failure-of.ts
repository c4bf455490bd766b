import {
  ProtocolError,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
  UnauthorizedError,
} from '@modelcontextprotocol/client';
import { isJsonObject } from '../../kernel/json-object.ts';
import { visibleLine } from '../../kernel/visible-text.ts';
import { redact } from '../../platform/telemetry/redact.ts';
import { McpFailure, type FailureKind } from './mcp-failure.ts';

/** What a server did wrong while it was started, in words of ours; `lateMs`: the time that was over. */
export function startFailure(name: string, lateMs: number | undefined, error: unknown): McpFailure {
  if (lateMs !== undefined) {
    const seconds = lateMs / 1000;
    return failure(
      'not-started',
      `${nameOf(name)} did not start within ${seconds} s; MCP_TIMEOUT sets the time`,
      error,
    );
  }
  if (asksForLogin(error)) {
    return failure(
      'not-started',
      `${nameOf(name)} wants a credential: put one into \`headers\` of its entry`,
      error,
    );
  }
  return failure('not-started', `${nameOf(name)} could not be started: ${reasonOf(error)}`, error);
}

/** What went wrong in a call: `undefined` where the server said no, which is an answer. */
export function callFailure(
  name: string,
  what: string,
  callMs: number,
  ended: string | undefined,
  error: unknown,
): McpFailure | undefined {
  if (error instanceof ProtocolError) return undefined;
  if (ended !== undefined) return failure('broken', `${nameOf(name)} ${ended} during ${what}`, error);
  if (isTimeout(error))
    return failure('timed-out', `${nameOf(name)} ${what} timed out after ${callMs / 1000} s`, error);
  if (asksForLogin(error)) {
    return failure(
      'broken',
      `${nameOf(name)} wants a credential: put one into \`headers\` of its entry`,
      error,
    );
  }
  return failure('broken', `${nameOf(name)} failed at ${what}: ${reasonOf(error)}`, error);
}

/** A server that does not know our session any more: nothing was done. */
export function hasLostSession(error: unknown): boolean {
  return error instanceof SdkHttpError && error.status === 404;
}

export function nameOf(name: string): string {
  return `MCP server "${visibleLine(name, 100)}"`;
}

function failure(kind: FailureKind, message: string, cause: unknown): McpFailure {
  return new McpFailure(kind, message, { cause });
}

function isTimeout(error: unknown): boolean {
  return error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout;
}

function asksForLogin(error: unknown): boolean {
  if (error instanceof UnauthorizedError) return true;
  return error instanceof SdkHttpError && (error.status === 401 || error.status === 403);
}

/** The words of what was thrown and of what caused it: `fetch failed` alone tells nothing. */
function reasonOf(error: unknown): string {
  const words: string[] = [];
  for (let at = error; words.length < 4 && isJsonObject(at); at = at['cause']) {
    const { message, code } = at;
    words.push([message, code].find((text): text is string => typeof text === 'string' && text !== '') ?? '');
  }
  const different = words.filter(
    (text, index) => text !== '' && !words.slice(0, index).some((other) => other.includes(text)),
  );
  return visibleLine(redact(different.length === 0 ? String(error) : different.join(': ')), 600);
}
