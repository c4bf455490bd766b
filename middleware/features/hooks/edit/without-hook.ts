import { isDeepStrictEqual } from 'node:util';
import type { HookEntry } from '../config/hook-entry.ts';
import { parseHooks } from '../config/parse-hooks.ts';
import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import { readJsonObject, type JsonPath } from '../../../platform/config/scopes/files/read-json-object.ts';
import { removeJson } from '../../../platform/config/edit/remove-json.ts';

/**
 * The text of a settings file without a hook, everything else as it is; `undefined` where the file does not have it
 * any more.
 */
export function withoutHook(text: string, hook: HookEntry): string | undefined {
  const mark = text.startsWith('\ufeff') ? '\ufeff' : '';
  const json = text.slice(mark.length);
  const reading = readJsonObject(Buffer.from(json));
  const hooks = reading.kind === 'object' ? reading.value['hooks'] : undefined;
  if (!isJsonObject(hooks)) return undefined;
  const path = placeOf(hooks, hook);
  if (path === undefined) return undefined;
  return mark + removeJson(json, path);
}

/** The place of the hook, or of what would be empty without it: its group, its event, or all hooks. */
function placeOf(hooks: JsonObject, hook: HookEntry): JsonPath | undefined {
  const value = hooks[hook.event];
  const groups: readonly unknown[] = Array.isArray(value) ? value : [];
  for (const [index, group] of groups.entries()) {
    const members = isJsonObject(group) && Array.isArray(group['hooks']) ? (group['hooks'] as unknown[]) : [];
    const at = members.findIndex((member) => isThe(hook, { ...(group as object), hooks: [member] }));
    if (at === -1 && !(members.length === 0 && isThe(hook, group))) continue;
    if (members.length > 1) return ['hooks', hook.event, index, 'hooks', at];
    if (groups.length > 1) return ['hooks', hook.event, index];
    return Object.keys(hooks).length > 1 ? ['hooks', hook.event] : ['hooks'];
  }
  return undefined;
}

function isThe(hook: HookEntry, group: unknown): boolean {
  const { source, index, event } = hook;
  const [found] = parseHooks([{ source, value: { [event]: [group] } }]).entries;
  return found !== undefined && isDeepStrictEqual({ ...found, index }, hook);
}
