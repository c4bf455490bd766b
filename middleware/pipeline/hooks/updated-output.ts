import type { HookOutcome } from '../../features/hooks/answer/combine-decisions.ts';
import { responseText } from '../../features/hooks/answer/response-text.ts';
import type { HookPlace } from '../../features/hooks/sessions/hook-place.ts';

/**
 * The text that hooks put in the place of the output of a call, which used these tools; `undefined` where they
 * leave it as it is. What cannot be taken is ignored, and the log says so: a value that has not the shape of the
 * tool's own results, and one of several uses of tools that have one output together.
 */
export function updatedOutputOf(
  tools: readonly string[],
  outcomes: readonly HookOutcome[],
  { log, session }: HookPlace,
): string | undefined {
  const given = outcomes.map((outcome, index) => updateIn(outcome, tools[index] ?? ''));
  const updated = given.find((value) => value !== undefined);
  if (updated === undefined) return undefined;
  const [tool = ''] = tools;
  const text = tools.length === 1 ? responseText(tool, updated) : undefined;
  if (text !== undefined) return text;
  const reason =
    tools.length === 1
      ? "it has not the shape of the tool's own"
      : 'the call used several tools, with one output';
  const problem = `PostToolUse:${tool} hook: the updated output was ignored: ${reason}`;
  log.warn('a hook failed', { session: session.id, problem });
  return undefined;
}

/** The older member is about tools of MCP servers alone. */
function updateIn({ updatedToolOutput, updatedMCPToolOutput }: HookOutcome, tool: string): unknown {
  return updatedToolOutput ?? (tool.startsWith('mcp__') ? updatedMCPToolOutput : undefined);
}
