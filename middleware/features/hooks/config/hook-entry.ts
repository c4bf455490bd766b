import type { ConfigSource } from '../../../kernel/config-source.ts';
import type { HookEvent } from '../hook-event.ts';

/** One hook of a settings file, checked, with its defaults filled in. */
export interface HookEntry {
  readonly event: HookEvent;
  /** What it is for, as written; `undefined` for everything. */
  readonly matcher: string | undefined;
  /** A permission rule that the tool call has to match as well: `Bash(git *)`. The file calls it `if`. */
  readonly condition: string | undefined;
  readonly handler: HookHandler;
  readonly timeoutMs: number;
  readonly statusMessage: string | undefined;
  readonly once: boolean;
  /** Whether nothing waits for it. */
  readonly async: boolean;
  /** Whether a hook that fails blocks, as exit code 2 does, or is only reported. */
  readonly onFailure: 'block' | 'report';
  /** What a short-form hook declares that it needs (`run:prettier`); `undefined` where nothing is declared. */
  readonly permissions: readonly string[] | undefined;
  readonly source: ConfigSource;
  /** Its place among the hooks of its file. */
  readonly index: number;
}

export type HookHandler = CommandHandler | HttpHandler | McpToolHandler | PromptHandler | AgentHandler;

export interface CommandHandler {
  readonly kind: 'command';
  /** A shell command or, where `args` are given, a program. */
  readonly command: string;
  readonly args: readonly string[] | undefined;
  /** Whether `$tool` and `$file` in the command stand for the call's, as in the short form. */
  readonly placeholders: boolean;
}

export interface HttpHandler {
  readonly kind: 'http';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The only variables that are expanded in the headers; others become empty. */
  readonly allowedEnvVars: readonly string[];
}

export interface McpToolHandler {
  readonly kind: 'mcp_tool';
  readonly server: string;
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface PromptHandler {
  readonly kind: 'prompt';
  readonly prompt: string;
  readonly model: string | undefined;
}

/** A model that looks at the project before it answers. */
export interface AgentHandler {
  readonly kind: 'agent';
  readonly prompt: string;
  readonly model: string | undefined;
}

/** What names a hook to the user and in messages: its command, its address, its prompt. */
export function labelOf(handler: HookHandler): string {
  switch (handler.kind) {
    case 'command':
      return handler.command;
    case 'http':
      return handler.url;
    case 'mcp_tool':
      return `mcp__${handler.server}__${handler.tool}`;
    case 'prompt':
    case 'agent':
      return handler.prompt;
  }
}
