import type { OAuthSettings } from './login/oauth-settings.ts';

/** An MCP server as its entry describes it, checked; variables are replaced already. */
export type ServerDefinition = StdioDefinition | RemoteDefinition;

export interface StdioDefinition {
  readonly kind: 'stdio';
  readonly file: string;
  readonly args: readonly string[];
  /** Set over what every server gets. */
  readonly env: Readonly<Record<string, string>>;
  /** Relative to the workspace, which it is where nothing is said. */
  readonly cwd: string | undefined;
  readonly timeoutMs: number | undefined;
}

export interface RemoteDefinition {
  /** Streamable HTTP, or what came before it. */
  readonly kind: 'http' | 'sse';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A shell line that prints a JSON object with more headers. */
  readonly headersHelper: string | undefined;
  /** `undefined`: nobody signs in there, since a header has the credential. */
  readonly oauth: OAuthSettings | undefined;
  readonly timeoutMs: number | undefined;
}
