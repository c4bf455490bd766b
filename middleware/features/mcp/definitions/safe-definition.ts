import type { Tool } from '@modelcontextprotocol/client';
import { isWithinDepth } from '../../../kernel/bounds/is-within-depth.ts';
import { isJsonObject } from '../../../kernel/json-object.ts';
import { visibleText } from '../../../kernel/visible-text.ts';
import { maxItemDepth, maxListItems } from '../list-bounds.ts';
import { withoutControls } from './without-controls.ts';

/** As in Claude Code; some servers bring whole manuals along. */
const maxDescription = 2_048;
/** What is larger is no description of a tool. */
const maxDefinition = 65_536;
/** As far as names of the protocol go. */
const maxName = 128;
/** Of one server together. */
const maxTotal = 4 * 1024 * 1024;

/**
 * The tools of a server with texts that nothing hides in, of a length that can be read. What cannot be a tool is left out, and
 * so is what comes behind as many as anybody can use, and a second tool of one name.
 */
export function safeTools(tools: readonly Tool[]): readonly Tool[] {
  const safe: Tool[] = [];
  const names = new Set<string>();
  let total = 0;
  for (const tool of tools) {
    const made = names.has(tool.name) ? undefined : safeTool(tool);
    if (made === undefined) continue;
    names.add(tool.name);
    total += made.size;
    if (safe.length === maxListItems || total > maxTotal) break;
    safe.push(made.tool);
  }
  return safe;
}

/** What else a server lists, with the same care for what it says of it; names and addresses stay, as they are sent back. */
export function safeItems<Item>(items: readonly Item[]): readonly Item[] {
  const safe = items.filter((item) => isWithinDepth(item, maxItemDepth)).slice(0, maxListItems);
  return safe.map((item) => cleaned(item, '', (text) => text) as Item);
}

/** A description as it is shown: nothing hides in it, and it is cut where Claude Code cuts it. */
export function safeDescription(description: string): string {
  const text = visibleText(description.slice(0, maxDescription + 1)).trim();
  return text.length > maxDescription ? `${text.slice(0, maxDescription - 1)}…` : text;
}

/** Whether a definition is of a size that one can be. */
export function isToolSized(tool: Tool): boolean {
  return tool.name.length <= maxName && isWithinDepth(tool, maxItemDepth) && sizeOf(tool) <= maxDefinition;
}

function safeTool(tool: Tool): { readonly tool: Tool; readonly size: number } | undefined {
  if (withoutControls(tool.name) !== tool.name || !isToolSized(tool)) return undefined;
  const { title, description, inputSchema, outputSchema, annotations } = tool;
  const made = {
    ...tool,
    ...(title !== undefined && { title: safeDescription(title) }),
    ...(description !== undefined && { description: safeDescription(description) }),
    inputSchema: safeSchema(inputSchema),
    ...(outputSchema !== undefined && { outputSchema: safeSchema(outputSchema) }),
    ...(annotations !== undefined && { annotations: safeSchema(annotations) }),
  };
  return { tool: made, size: sizeOf(made) };
}

/** The same with clean texts; a description is cut as that of the tool. */
function safeSchema<T>(value: T): T {
  return cleaned(value, '', withoutControls) as T;
}

function cleaned(value: unknown, name: string, clean: (text: string) => string): unknown {
  if (typeof value === 'string') return isProse(name) ? safeDescription(value) : clean(value);
  if (Array.isArray(value)) return value.map((item) => cleaned(item, '', clean));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [clean(key), cleaned(member, key, clean)]),
  );
}

function isProse(name: string): boolean {
  return name === 'description' || name === 'title' || name === '$comment';
}

/** The description is cut; all else counts. */
function sizeOf({ description: _, ...rest }: Tool): number {
  return JSON.stringify(rest).length;
}
