import type { CallHead, ToolCall } from '../apis/tool-call.ts';
import { codeMapping } from './code-mapping.ts';
import { hasRepeatedKey } from '../json/has-repeated-key.ts';
import { mappingOf, toolsOf } from './mapping-of.ts';
import {
  argumentsOf,
  type ClaudeToolUse,
  type NewInputs,
  type ResolvePath,
  type Rewritten,
} from './tool-mapping.ts';

/**
 * What a call does, in the words of Claude Code's tools: Codex's shell is `Bash`, its patches are `Edit` and
 * `Write` of each file, the tools of a namespace are `mcp__server__tool`. A call may be several uses, or none. Code
 * whose calls cannot all be read is `exec` beside those that can: what is behind it may be any tool.
 */
export function claudeUsesOf(call: ToolCall, resolvePath: ResolvePath): readonly ClaudeToolUse[] {
  const mapping = isCode(call) ? codeMapping : mappingOf(call);
  return mapping.read(call, resolvePath) ?? [];
}

/** The tools that the uses of a call may be of, told before its input is known; `undefined`: any. */
export function claudeToolsOf(head: CallHead): readonly string[] | undefined {
  // A name that is no text is one for some clients.
  return isCode(head) || head.name === '' ? undefined : toolsOf(head);
}

/**
 * The input of a call after some of its uses were given another, in the tool's own kind and with its own members;
 * those that Claude does not know stay.
 */
export function withClaudeInputs(call: ToolCall, inputs: NewInputs, resolvePath: ResolvePath): Rewritten {
  const mapping = isCode(call) ? codeMapping : mappingOf(call);
  return mapping.write(call, inputs, resolvePath);
}

/** Whether a call can be read, and in one way only. What one program cannot read, another may take for something. */
export function isReadable(call: ToolCall): boolean {
  if (call.name === '') return false;
  return call.kind === 'custom' || (argumentsOf(call) !== undefined && !hasRepeatedKey(call.input));
}

/** Codex's `exec` is written in JavaScript. */
function isCode({ kind, name, namespace }: CallHead): boolean {
  return kind === 'custom' && name === 'exec' && (namespace ?? 'functions') === 'functions';
}
