import type { ClaudeToolUse } from '../../protocol/claude-tools/tool-mapping.ts';
import type { HookToolUse } from './hook-event-fields.ts';
import { bashResponse } from './tool-responses.ts';

/** What came of a call, as far as its client tells. */
export interface CallResult {
  readonly id: string;
  /** All of what the client made of it. */
  readonly text: string;
  /** What the tool printed, without what the client says of its end. */
  readonly output: string;
  readonly isError: boolean;
  readonly exitCode: number | undefined;
  readonly durationMs: number;
}

/** A use that has been made, with what came of it. */
export type FinishedUse = HookToolUse & {
  readonly durationMs: number;
  /** What the model reads of it. */
  readonly text: string;
} & (
    | { readonly response: unknown; readonly error?: undefined }
    | { readonly error: string; readonly response?: undefined }
  );

/** A use with its result, or with its error where the command or the tool failed. */
export function finishedUse({ tool, input }: ClaudeToolUse, result: CallResult): FinishedUse {
  const { id, text, output, isError, exitCode, durationMs } = result;
  const named = { tool, input, id, durationMs };
  if (!isError && (exitCode ?? 0) === 0) {
    return { ...named, text: withoutLastBreak(output), response: responseOf(tool, output) };
  }
  const error = exitCode === undefined ? text : `Exit code ${exitCode}\n${output}`.trimEnd();
  return { ...named, text: error, error };
}

/**
 * In the shape of the tool's own results, as far as the text tells; clients do not keep the two outputs of a
 * command apart.
 */
function responseOf(tool: string, output: string): unknown {
  if (tool === 'Bash') return bashResponse({ stdout: withoutLastBreak(output), stderr: '' });
  return tool.startsWith('mcp__') ? [{ type: 'text', text: output }] : { output };
}

/** As Claude Code tells what a command printed. */
function withoutLastBreak(output: string): string {
  return output.replace(/\r?\n$/, '');
}
