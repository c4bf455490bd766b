import type { JsonObject } from '../../kernel/json-object.ts';
import type { McpToolName } from '../../protocol/claude-tools/mcp-tool-name.ts';

export type FileTool = 'Read' | 'Edit' | 'MultiEdit' | 'Write' | 'NotebookEdit';
export type SearchTool = 'Grep' | 'Glob' | 'LS';

/** A tool call in the words of Claude Code's tools; what another client's tools do is put into them. */
export type PolicyCall =
  | { readonly kind: 'shell'; readonly command: string; readonly input?: JsonObject }
  | { readonly kind: 'file'; readonly tool: FileTool; readonly path: string; readonly input?: JsonObject }
  | { readonly kind: 'search'; readonly tool: SearchTool; readonly path: string; readonly input?: JsonObject }
  | { readonly kind: 'fetch'; readonly url: string; readonly input?: JsonObject }
  | OtherCall;

/** A call of a tool that nothing more is known of than its name, or its server as well. */
export interface OtherCall {
  readonly kind: 'other';
  readonly tool: string;
  readonly input: JsonObject;
  readonly mcp?: McpToolName;
}

const fileTools: readonly string[] = ['Read', 'Edit', 'MultiEdit', 'Write', 'NotebookEdit'];
const searchTools: readonly string[] = ['Grep', 'Glob', 'LS'];

/** A call by its name and input, as it stands in a `tool_use` block. */
export function policyCallOf(tool: string, input: JsonObject, mcp?: McpToolName): PolicyCall {
  if (tool === 'Bash' && typeof input['command'] === 'string')
    return { kind: 'shell', command: input['command'], input };
  if (tool === 'WebFetch' && typeof input['url'] === 'string')
    return { kind: 'fetch', url: input['url'], input };
  const path = input['file_path'] ?? input['notebook_path'] ?? input['path'];
  if (isFileTool(tool) && typeof path === 'string') return { kind: 'file', tool, path, input };
  if (isSearchTool(tool)) return { kind: 'search', tool, path: typeof path === 'string' ? path : '.', input };
  return { kind: 'other', tool, input, ...(mcp !== undefined && { mcp }) };
}

/** The name that rules use for the tool of a call. */
export function toolNameOf(call: PolicyCall): string {
  if (call.kind === 'shell') return 'Bash';
  if (call.kind === 'fetch') return 'WebFetch';
  // The tool that starts subagents has had two names.
  return call.tool === 'Task' ? 'Agent' : call.tool;
}

function isFileTool(tool: string): tool is FileTool {
  return fileTools.includes(tool);
}

function isSearchTool(tool: string): tool is SearchTool {
  return searchTools.includes(tool);
}
