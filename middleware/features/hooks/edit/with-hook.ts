import type { HookEvent } from '../hook-event.ts';
import { parseHooks } from '../config/parse-hooks.ts';
import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import type { ConfigSource } from '../../../kernel/config-source.ts';
import type { JsonPath } from '../../../platform/config/scopes/files/read-json-object.ts';
import { insertJson } from '../../../platform/config/edit/insert-json.ts';
import { mendFirst, objectToEdit } from '../../../platform/config/edit/object-to-edit.ts';

/** A command to run on an event. */
export interface NewHook {
  readonly event: HookEvent;
  readonly command: string;
  readonly matcher: string | undefined;
  readonly timeoutSeconds: number | undefined;
}

/**
 * The text of a settings file with a hook in it, in the form that the file has; `undefined` where it has that hook already.
 * Throws a UserError where the file is broken, or would be read without the hook.
 */
export function withHook(text: string, hook: NewHook, source: ConfigSource): string | undefined {
  const hasMark = text.startsWith('\ufeff');
  const json = hasMark ? text.slice(1) : text;
  const before = hooksIn(json, source);
  refuseOtherShapes(before, hook.event, source);
  if (has(before, hook, source)) return undefined;
  const body = json.trim() === '' ? '{}\n' : json;
  const { path, value } = placeOf(before, hook);
  const after = insertJson(body, path, value);
  if (!has(hooksIn(after, source), hook, source)) {
    const { problems } = parseHooks([{ source, value: hooksIn(after, source) }]);
    const reason = problems.map((problem) => `${problem.path} ${problem.reason}`).join('; ');
    throw mendFirst(source.file, reason);
  }
  return hasMark ? `\ufeff${after}` : after;
}

function hooksIn(json: string, { file }: ConfigSource): unknown {
  return objectToEdit(json, file)['hooks'];
}

/** What is no list of hooks is the user's to mend: writing over it would lose it. */
function refuseOtherShapes(hooks: unknown, event: HookEvent, { file }: ConfigSource): void {
  if (hooks === undefined) return;
  if (!isJsonObject(hooks)) throw mendFirst(file, 'hooks is not an object');
  if (hooks[event] === undefined || Array.isArray(hooks[event])) return;
  throw mendFirst(file, `hooks.${event} is not a list`);
}

function has(hooks: unknown, { event, command, matcher }: NewHook, source: ConfigSource): boolean {
  return parseHooks([{ source, value: hooks }]).entries.some(
    (entry) =>
      entry.event === event &&
      (entry.matcher ?? '') === (matcher ?? '') &&
      entry.handler.kind === 'command' &&
      entry.handler.command === command &&
      entry.handler.args === undefined,
  );
}

interface Place {
  readonly path: JsonPath;
  readonly value: unknown;
}

/** Beside the hooks of the same matcher, where there are some; otherwise behind the others of the event. */
function placeOf(hooks: unknown, { event, command, matcher, timeoutSeconds }: NewHook): Place {
  const entry = {
    type: 'command',
    command,
    ...(timeoutSeconds === undefined ? {} : { timeout: timeoutSeconds }),
  };
  const group = { ...(matcher === undefined ? {} : { matcher }), hooks: [entry] };
  const groups = isJsonObject(hooks) ? hooks[event] : undefined;
  if (!Array.isArray(groups)) return { path: ['hooks', event], value: [group] };
  const index = groups.findIndex((other: unknown) => isJsonObject(other) && isSameGroup(other, matcher));
  if (index === -1) return { path: ['hooks', event, groups.length], value: group };
  const members = (groups[index] as { readonly hooks: readonly unknown[] }).hooks;
  return { path: ['hooks', event, index, 'hooks', members.length], value: entry };
}

function isSameGroup(group: JsonObject, matcher: string | undefined): boolean {
  return (group['matcher'] ?? '') === (matcher ?? '') && Array.isArray(group['hooks']);
}
