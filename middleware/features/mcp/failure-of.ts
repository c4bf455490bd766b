import {
  InsufficientScopeError,
  ProtocolError,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
  UnauthorizedError,
} from '@modelcontextprotocol/client';
import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import { visibleLine } from '../../kernel/visible-text.ts';
import { quoted } from '../../protocol/claude-tools/shell-words.ts';
import { redact } from '../../platform/telemetry/redact.ts';
import { LoginChanged, LoginNeeded, RightsLimited } from './login/login-needed.ts';
import type { Launch } from './launch.ts';
import { McpFailure, type FailureKind } from './mcp-failure.ts';
import { OwnEndpoint, ownEndpointText } from './transport/own-endpoint.ts';

/** A server that failed; `clean` takes out of what it said what nobody is to read. */
interface FailedServer {
  readonly name: string;
  readonly clean: (text: string) => string;
  /** How it is reached. */
  readonly kind?: Launch['kind'];
}

/** What was done with it, how long it had for that, and how it ended, where it did. */
interface FailedUse {
  readonly what: string;
  readonly callMs: number;
  readonly ended: string | undefined;
}

/** What a server did wrong while it was started, in words of ours; `lateMs`: the time that was over. */
export function startFailure(server: FailedServer, lateMs: number | undefined, error: unknown): McpFailure {
  const { name } = server;
  if (lateMs !== undefined) {
    const seconds = lateMs / 1000;
    return failure(
      'not-started',
      `${nameOf(name)} did not start within ${seconds} s; MCP_TIMEOUT sets the time`,
      error,
    );
  }
  const refused = refusal(server, 'not-started', error);
  if (refused !== undefined) return refused;
  return failure(
    'not-started',
    `${nameOf(name)} could not be started: ${reasonOf(server, error)}${otherWay(server, error)}`,
    error,
  );
}

/** What went wrong in a call: `undefined` where the server said no, which is an answer. */
export function callFailure(
  server: FailedServer,
  { what, callMs, ended }: FailedUse,
  error: unknown,
): McpFailure | undefined {
  const { name } = server;
  if (error instanceof ProtocolError) return undefined;
  if (ended !== undefined)
    return failure('broken', `${nameOf(name)} ${redact(server.clean(ended))} during ${what}`, error);
  if (isTimeout(error))
    return failure('timed-out', `${nameOf(name)} ${what} timed out after ${callMs / 1000} s`, error);
  const refused = refusal(server, 'refused', error);
  if (refused !== undefined) return refused;
  const kind = isRefusedRequest(error) ? 'refused' : 'broken';
  return failure(kind, `${nameOf(name)} failed at ${what}: ${reasonOf(server, error)}`, error);
}

/** A server that does not know our session any more, or whose user is another one now: nothing was done. */
export function hasLostSession(error: unknown, hasSession: boolean): boolean {
  if (causesOf(error).some((cause) => cause instanceof LoginChanged)) return true;
  return hasSession && isUnknownSession(error);
}

/** The status with which a server says so, and some say as well that they do not know what they are asked for. */
export function isUnknownSession(error: unknown): boolean {
  return error instanceof SdkHttpError && error.status === 404;
}

/** Whether the connection was over before anything was sent. */
export function isUnsent(error: unknown): boolean {
  return error instanceof SdkError && error.code === SdkErrorCode.NotConnected;
}

/** What was under way in a session that its server forgot meanwhile. */
export function forgottenFailure(name: string, what: string, cause: unknown): McpFailure {
  return failure(
    'broken',
    `${nameOf(name)} forgot its session with Codex-Plus during ${what}: whether it did what was asked is not known`,
    cause,
  );
}

/** Some servers answer with another error than they should where they forgot a session. */
export function mayHaveLostSession(
  { hasSession }: { readonly hasSession: boolean },
  { kind }: McpFailure,
): boolean {
  return hasSession && (kind === 'refused' || kind === 'broken');
}

/** What the SDK finds in answers, or before it asks: the server is there, and may do well what else it is asked. */
const foundInAnswers: ReadonlySet<SdkErrorCode> = new Set([
  SdkErrorCode.InvalidResult,
  SdkErrorCode.UnsupportedResultType,
  SdkErrorCode.InputRequiredRoundsExceeded,
  SdkErrorCode.ListPaginationExceeded,
  SdkErrorCode.CapabilityNotSupported,
  SdkErrorCode.MethodNotSupportedByProtocolVersion,
]);

function isRefusedRequest(error: unknown): boolean {
  if (error instanceof SdkHttpError) return error.status >= 400 && error.status < 500;
  return error instanceof SdkError && foundInAnswers.has(error.code);
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

/** The statuses that a server of the older way has for a request of the newer one, as the protocol says. */
const otherWayStatuses: readonly number[] = [400, 404, 405];

function otherWay({ kind }: FailedServer, error: unknown): string {
  const isRefused = causesOf(error).some(
    (cause) => cause instanceof SdkHttpError && otherWayStatuses.includes(cause.status),
  );
  return kind === 'http' && isRefused
    ? '; if it is one that is reached over SSE, write `"type": "sse"` into its entry (`--transport sse` of `codex-plus mcp add`)'
    : hintOf(error);
}

const hints = new Map([
  ['ECONNREFUSED', '; nothing listens there: start the server, or check its `url`'],
  ['ENOTFOUND', '; there is no such host: check its `url`'],
  ['EAI_AGAIN', '; its host could not be looked up: check its `url`, and the network'],
]);

function hintOf(error: unknown): string {
  // The code itself may be lost on the way, and stand in the words.
  const told = causesOf(error).map((cause) => {
    const { code, message } = cause as JsonObject;
    return `${String(code)} ${String(message).slice(0, maxLooked)}`;
  });
  const found = [...hints].find(([code]) => told.some((words) => words.split(/\W+/).includes(code)));
  return found?.[1] ?? '';
}

/** Why something that has to do with a server did not work, and what to do about it where that is known. */
export function reasonWithHint(error: unknown): string {
  return `${reasonOf({ clean: (text) => text }, error)}${hintOf(error)}`;
}

/** What to do about a server that wants to know who asks. */
function refusal(server: FailedServer, kind: FailureKind, error: unknown): McpFailure | undefined {
  const { name, clean } = server;
  for (const cause of causesOf(error)) {
    if (cause instanceof OwnEndpoint) return failure('own', `${nameOf(name)} ${ownEndpointText}`, error);
    if (cause instanceof RightsLimited)
      return failure('login', `${nameOf(name)} ${clean(cause.message)}`, error);
    if (cause instanceof LoginNeeded || cause instanceof InsufficientScopeError)
      return failure(
        'login',
        `${loginText(server, cause)}: \`codex-plus mcp login ${quoted(name)}\` does, or \`/mcp auth ${name}\` in a conversation`,
        error,
      );
  }
  if (
    error instanceof UnauthorizedError ||
    (error instanceof SdkHttpError && [401, 403].includes(error.status))
  )
    return failure(kind, `${nameOf(name)} wants a credential: put one into \`headers\` of its entry`, error);
  return undefined;
}

function loginText({ name, clean }: FailedServer, cause: LoginNeeded | InsufficientScopeError): string {
  if (cause instanceof InsufficientScopeError) {
    const scope =
      cause.requiredScope === undefined ? '' : ` (${visibleLine(clean(cause.requiredScope), 200)})`;
    return `${nameOf(name)} wants you to sign in with more rights${scope}`;
  }
  return cause.reason === 'login'
    ? `${nameOf(name)} wants you to sign in`
    : `your login at ${nameOf(name)} has ended: you have to sign in again`;
}

/** An error and what caused it, as far as anybody looks. */
function causesOf(error: unknown): readonly unknown[] {
  const causes: unknown[] = [];
  for (let at = error; causes.length < 4 && isJsonObject(at); at = at['cause']) causes.push(at);
  return causes;
}

/** Of what the SDK says of an answer, which may be what is wrong in each part of it, or all of it. */
export const maxLooked = 20_000;

/** What the SDK was about when a server could not be reached, which says nothing of why. */
const probeWords = /^Version negotiation probe failed: /;

/** The SDK tells what stood in an answer, and its status only where nothing did. */
function statusOf(cause: unknown): string {
  if (!(cause instanceof SdkHttpError) || cause.message.includes(String(cause.status))) return '';
  return ` (status ${cause.status})`;
}

/** The words of what was thrown and of what caused it: `fetch failed` alone tells nothing. */
function reasonOf({ clean }: Pick<FailedServer, 'clean'>, error: unknown): string {
  const words: string[] = [];
  for (const cause of causesOf(error)) {
    const { message, code } = cause as JsonObject;
    const text = [message, code].find((one): one is string => typeof one === 'string' && one !== '') ?? '';
    words.push(`${text.replace(probeWords, '')}${statusOf(cause)}`);
  }
  const different = words.filter(
    (text, index) => text !== '' && !words.slice(0, index).some((other) => other.includes(text)),
  );
  const reason = different.length === 0 ? String(error) : different.join(': ');
  return visibleLine(redact(clean(reason.slice(0, maxLooked))), 600);
}
