/** Why a server could not do what was asked of it. */
export type FailureKind =
  /** No such server, or one that may not be used, or whose entry cannot be read. */
  | 'unusable'
  | 'not-started'
  /** It is our own `/mcp`, which is none of our servers. */
  | 'own'
  /** Its user has to sign in there first, or again. */
  | 'login'
  | 'timed-out'
  /** It has no such tool, did not take this one request (HTTP 4xx), or answered something that cannot be read. */
  | 'refused'
  /** It failed at the request, or the connection broke while it was used. */
  | 'broken'
  /** Not asked, since it failed several times before. */
  | 'resting'
  | 'aborted';

/** How a call of a tool ended. */
export type CallOutcome = 'ok' | 'tool_error' | FailureKind;

/** A server that failed, in a sentence that says which and what to do. What a tool says is wrong is a result instead. */
export class McpFailure extends Error {
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'McpFailure';
    this.kind = kind;
  }
}

/** What our own `/mcp` has for us, of whatever is asked for: nothing. */
export function noneWhereOwn(error: unknown): readonly never[] {
  if (error instanceof McpFailure && error.kind === 'own') return [];
  throw error;
}

/** A call of a tool that its server does not list, or that cannot be called: the server was not asked. */
export class NoSuchTool extends McpFailure {
  constructor(message: string) {
    super('refused', message);
    this.name = 'NoSuchTool';
  }
}

/** How a call ended that failed: an error which is none of ours is what its server answered, as long as its client is there. */
export function outcomeOfError(error: unknown, signal: AbortSignal): CallOutcome {
  if (error instanceof McpFailure) return error.kind;
  return signal.aborted ? 'aborted' : 'tool_error';
}
