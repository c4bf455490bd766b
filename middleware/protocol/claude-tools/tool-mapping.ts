import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import type { ToolCall } from '../apis/tool-call.ts';
import type { McpToolName } from './mcp-tool-name.ts';

/** One use of a tool as Claude Code would make it: what rules and hooks are written for. */
export interface ClaudeToolUse {
  readonly tool: string;
  readonly input: JsonObject;
  /** Of a tool of an MCP server, where that is known: names joined to one may be read in several ways. */
  readonly mcp?: McpToolName;
  /** Whether its input is code that calls tools in ways that cannot be read. */
  readonly isCode?: boolean;
  /** Whether its command may be a part of another one, which others complete or change. */
  readonly isPartial?: boolean;
  /** The shell that runs its command, where the call names it. */
  readonly shell?: 'bash';
}

/** Makes a path absolute, by the folder that the client works in. */
export type ResolvePath = (path: string) => string;

/** The input of a call after Claude's was changed, or why its tool has no place for the change. */
export type Rewritten =
  { readonly kind: 'input'; readonly input: string } | { readonly kind: 'refused'; readonly reason: string };

/** What takes the place of the input of each use; `undefined` where it stays. */
export type NewInputs = readonly (JsonObject | undefined)[];

/** What the calls of one tool are in Claude's words, and the way back. */
export interface ToolMapping {
  /** The tools that a call may come to. */
  readonly tools: readonly string[];
  /** `undefined` for a call that the tool itself would not understand. */
  readonly read: (call: ToolCall, resolvePath: ResolvePath) => readonly ClaudeToolUse[] | undefined;
  readonly write: (call: ToolCall, inputs: NewInputs, resolvePath: ResolvePath) => Rewritten;
}

/** The arguments of a function; `undefined` where they are no JSON object. */
export function argumentsOf({ input }: Pick<ToolCall, 'input'>): JsonObject | undefined {
  if (input.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(input);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The call as it was. */
export function unchanged({ input }: ToolCall): Rewritten {
  return { kind: 'input', input };
}

export function refused(reason: string): Rewritten {
  return { kind: 'refused', reason };
}

/** The first member that a new input changes although the tool has no place for it. */
export function misplaced(
  before: JsonObject,
  input: JsonObject,
  places: readonly string[],
): string | undefined {
  const isSame = (key: string): boolean => JSON.stringify(input[key]) === JSON.stringify(before[key]);
  return Object.keys(input).find((key) => !places.includes(key) && !isSame(key));
}
