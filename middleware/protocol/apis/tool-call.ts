/** What tells a call's tool, known before its input is complete. */
export interface CallHead {
  /** How the call stands on the wire. A client refuses one that comes back in another kind. */
  readonly kind: 'function' | 'custom';
  readonly name: string;
  /** The group that the tool belongs to, `mcp__server` for one of an MCP server. */
  readonly namespace: string | undefined;
}

/** A complete call that a model made of a tool of its client. */
export interface ToolCall extends CallHead {
  readonly callId: string;
  /**
   * Of a function its arguments, as JSON; of a custom tool its text; of one that the API itself knows its action,
   * as JSON.
   */
  readonly input: string;
  /** Whether the client has no say in its input. */
  readonly isFixed?: boolean;
}
