/** What came of a tool call, as a client tells it to the model. */
export interface ToolResult {
  readonly callId: string;
  /** A text, or a list of parts with a text or an image each. */
  readonly content: unknown;
  /** Whether the client says that the call failed. */
  readonly isError: boolean;
  /** Of a command, where its API has a place for it. */
  readonly exitCode?: number | undefined;
}
