import type { CallHead, ToolCall } from '../apis/tool-call.ts';
import { editorMapping } from './editor-mapping.ts';
import { imageMapping } from './image-mapping.ts';
import { patchMapping } from './patch-mapping.ts';
import { bashMapping, execMapping, localShellMapping, shellMapping, stdinMapping } from './shell-mapping.ts';
import { claudeToolName } from './mcp-tool-name.ts';
import { argumentsOf, refused, unchanged, type ToolMapping } from './tool-mapping.ts';

/**
 * The mapping of a call by its tool. A call that the tool's own mapping does not understand, and any other tool,
 * keeps its name.
 */
export function mappingOf(call: ToolCall): ToolMapping {
  const known = knownMapping(call);
  const uses = known?.read(call, (path) => path);
  return known === undefined || uses === undefined ? ownMapping(call) : known;
}

/** The tools that a call may come to. */
export function toolsOf(head: CallHead): readonly string[] {
  return [...(knownMapping(head)?.tools ?? []), claudeName(head)];
}

const mappings: ReadonlyMap<string, ToolMapping> = new Map([
  ['exec_command', execMapping],
  ['shell', shellMapping],
  ['shell_command', shellMapping],
  ['local_shell', localShellMapping],
  ['write_stdin', stdinMapping],
  ['apply_patch', patchMapping],
  ['view_image', imageMapping],
  ['bash', bashMapping],
  ['str_replace_based_edit_tool', editorMapping],
  ['str_replace_editor', editorMapping],
]);

/**
 * Codex has its own tools in one namespace alone, but a program on an SDK that looks at the name and at nothing
 * else runs a tool of any. Those of MCP servers are told apart from all others by their names as well.
 */
function knownMapping({ name, namespace }: CallHead): ToolMapping | undefined {
  return isOfServer(namespace) ? undefined : mappings.get(name);
}

const serverGroup = 'mcp__';

function isOfServer(namespace: string | undefined): namespace is string {
  return namespace?.startsWith(serverGroup) === true;
}

function claudeName({ name, namespace }: CallHead): string {
  if (!isOfServer(namespace)) return name;
  return claudeToolName(namespace.slice(serverGroup.length), name);
}

function ownMapping(head: CallHead): ToolMapping {
  const tool = claudeName(head);
  const { namespace, name } = head;
  const named = isOfServer(namespace)
    ? { tool, mcp: { server: namespace.slice(serverGroup.length), tool: name } }
    : { tool };
  return {
    tools: [tool],
    read: (call) => [
      { ...named, input: call.kind === 'custom' ? { input: call.input } : (argumentsOf(call) ?? {}) },
    ],
    write: (call, [input]) => {
      if (input === undefined) return unchanged(call);
      if (call.kind === 'function') return { kind: 'input', input: JSON.stringify(input) };
      const text = input['input'];
      return typeof text === 'string'
        ? { kind: 'input', input: text }
        : refused('its input is a text, and the new one has none as "input"');
    },
  };
}
