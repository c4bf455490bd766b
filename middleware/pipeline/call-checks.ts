import type { ToolCall } from '../protocol/apis/tool-call.ts';
import type { ResolvePath } from '../protocol/claude-tools/tool-mapping.ts';
import type { CallVerdict } from './hooks/check-call.ts';

/** Decides the tool calls in one answer. */
export interface CallChecks<Verdict = CallVerdict | CallAnswer> {
  /** Whether uses of a tool, by Claude Code's name for it, have to be decided; calls of any other go to the client untouched. */
  readonly mayConcern: (tool: string) => boolean;
  /** A new input is in the words of Claude Code's tool, for a call that is one use of it. */
  readonly check: (call: ToolCall) => Promise<Verdict>;
  /** Makes a path of a call absolute, by the folder that the client works in. */
  readonly resolvePath: ResolvePath;
}

/** The call is not the client's to run: it was run here, and this came of it. */
export interface CallAnswer {
  readonly kind: 'answered';
  readonly output: string;
  readonly isError: boolean;
}
