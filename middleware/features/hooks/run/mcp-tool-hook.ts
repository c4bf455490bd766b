import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import type { HookEntry, McpToolHandler } from '../config/hook-entry.ts';
import type { HookInput } from '../hook-input.ts';
import type { HookEffects } from '../hook-effects.ts';
import type { HookEnd } from '../answer/parse-output.ts';
import { answeredEnd, failedEnd, withinTime } from '../answer/within-time.ts';

/** Calls the tool with `${tool_input.x}` and the like filled in; its text is read as a command's stdout would be. */
export function runMcpToolHook(
  entry: HookEntry,
  { server, tool, input: template }: McpToolHandler,
  { input, signal }: { readonly input: HookInput; readonly signal: AbortSignal },
  callMcpTool: HookEffects['callMcpTool'],
): Promise<HookEnd> {
  return withinTime(entry.timeoutMs, signal, async (limited) => {
    const filled = fillObject(template, input);
    const { text, isError } = await callMcpTool({ server, tool, input: filled, signal: limited });
    return isError ? failedEnd('not-started', text) : answeredEnd(text, false);
  });
}

function fillObject(template: JsonObject, input: HookInput): JsonObject {
  return Object.fromEntries(Object.entries(template).map(([name, value]) => [name, fill(value, input)]));
}

function fill(value: unknown, input: HookInput): unknown {
  if (typeof value === 'string') {
    return value.replaceAll(/\$\{([\w.]+)\}/g, (_, path: string) => textAt(input, path));
  }
  if (Array.isArray(value)) return value.map((item) => fill(item, input));
  return isJsonObject(value) ? fillObject(value, input) : value;
}

/** What stands at `tool_input.command`: a text as it is, anything else as JSON, nothing as an empty text. */
function textAt(input: HookInput, path: string): string {
  let value: unknown = input;
  for (const name of path.split('.')) value = isJsonObject(value) ? value[name] : undefined;
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
}
