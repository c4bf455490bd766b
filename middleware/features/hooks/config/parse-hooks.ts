import { addAll } from '../../../kernel/bounds/add-all.ts';
import { isJsonObject, jsonTypeOf, type JsonObject } from '../../../kernel/json-object.ts';
import type { ConfigSource } from '../../../kernel/config-source.ts';
import type { HookEntry, HookHandler } from './hook-entry.ts';
import { isHookEvent, type HookEvent } from '../hook-event.ts';
import { FieldReader, parseHandler } from './parse-handler.ts';

/** The value of `hooks` in one settings file, as it was read. */
export interface RawHooks {
  readonly source: ConfigSource;
  readonly value: unknown;
}

/** Why a hook, or a file's hooks, are not used. */
export interface HookProblem {
  readonly source: ConfigSource;
  /** Where in the file: `hooks.PreToolUse[0].hooks[1]`. */
  readonly path: string;
  readonly reason: string;
}

export interface ParsedHooks {
  /** In the order of the files and of the hooks in them. */
  readonly entries: readonly HookEntry[];
  readonly problems: readonly HookProblem[];
}

/** Claude Code's own, as measured; a hook that names a timeout has that one. */
const defaultTimeoutMs = 600_000;
const promptTimeoutMs = 30_000;
const agentTimeoutMs = 60_000;
const sessionEndTimeoutMs = 1_500;
/** The kinds of hook that have `onFailure`. */
const canFail: readonly HookHandler['kind'][] = ['command', 'http', 'mcp_tool'];
/** Of hooks in the short form. */
const shortFormTimeoutMs = 5_000;

/**
 * Checks the hooks of all settings files and fills in their defaults. A broken hook is left out and the others stand;
 * only an event whose value is not a list costs the file all its hooks, as it does in Claude Code.
 */
export function parseHooks(files: readonly RawHooks[]): ParsedHooks {
  const entries: HookEntry[] = [];
  const problems: HookProblem[] = [];
  for (const file of files) {
    const parsed = parseFile(file);
    addAll(entries, parsed.entries);
    addAll(problems, parsed.problems);
  }
  return { entries, problems };
}

function parseFile({ source, value }: RawHooks): ParsedHooks {
  if (value === undefined) return { entries: [], problems: [] };
  const found = isJsonObject(value)
    ? Object.entries(value).map(([event, groups]) => parseEvent(event, groups))
    : [unusable('hooks', `must be an object of events, not ${jsonTypeOf(value)}`)];
  const fatal = found.find((hooks) => hooks.some((hook) => hook.spoilsFile));
  const hooks = fatal ?? found.flat();
  return {
    entries: hooks
      .flatMap(({ hook, reasons }) => (hook !== undefined && reasons.length === 0 ? [hook] : []))
      .map((hook, index) => ({ ...hook, source, index })),
    problems: hooks
      .filter(({ reasons }) => reasons.length > 0)
      .map(({ path, reasons }) => ({ source, path, reason: reasons.join('; ') })),
  };
}

function parseEvent(event: string, groups: unknown): readonly FoundHook[] {
  const path = `hooks.${event}`;
  if (!isHookEvent(event)) return unusable(path, 'is not an event');
  if (!Array.isArray(groups)) {
    const reason = `must be a list, not ${jsonTypeOf(groups)}; no hook of this file is used`;
    return [{ path, reasons: [reason], spoilsFile: true }];
  }
  return groups.flatMap((group, index) => parseGroup(group, event, `${path}[${index}]`));
}

type Hook = Omit<HookEntry, 'source' | 'index'>;

interface FoundHook {
  readonly path: string;
  readonly reasons: readonly string[];
  readonly hook?: Hook;
  readonly spoilsFile?: boolean;
}

function unusable(path: string, reason: string): readonly FoundHook[] {
  return [{ path, reasons: [reason] }];
}

/** A matcher with its hooks or, in the short form, with its one command. */
function parseGroup(group: unknown, event: HookEvent, path: string): readonly FoundHook[] {
  if (!isJsonObject(group)) return unusable(path, `must be an object, not ${jsonTypeOf(group)}`);
  const { matcher, hooks } = group;
  if (matcher !== undefined && typeof matcher !== 'string') {
    return unusable(path, `matcher must be a string, not ${jsonTypeOf(matcher)}`);
  }
  if (Array.isArray(hooks)) {
    return hooks.map((hook, index) => parseHook(hook, { event, matcher, path: `${path}.hooks[${index}]` }));
  }
  if (group['command'] === undefined || group['type'] !== undefined) {
    return unusable(path, 'has no list of hooks');
  }
  return [parseShortForm(group, { event, matcher, path })];
}

interface Place {
  readonly event: HookEvent;
  readonly matcher: string | undefined;
  readonly path: string;
}

function parseHook(raw: unknown, place: Place): FoundHook {
  const { path } = place;
  if (!isJsonObject(raw)) return { path, reasons: [`must be an object, not ${jsonTypeOf(raw)}`] };
  const fields = new FieldReader(raw);
  const handler = parseHandler(raw['type'], fields);
  if (handler === undefined)
    return { path, reasons: [`type "${String(raw['type'])}" is not a kind of hook`] };
  const hook = hookOf(place, fields, handler, defaultTimeout(place.event, handler));
  return { path, reasons: fields.faults, hook };
}

function parseShortForm(raw: JsonObject, place: Place): FoundHook {
  const fields = new FieldReader(raw);
  const command = fields.requiredString('command');
  const handler: HookHandler = { kind: 'command', command, args: undefined, placeholders: true };
  const hook = {
    ...hookOf(place, fields, handler, shortFormTimeoutMs),
    permissions: fields.strings('permissions'),
  };
  return { path: place.path, reasons: fields.faults, hook };
}

function hookOf(
  { event, matcher }: Place,
  fields: FieldReader,
  handler: HookHandler,
  timeoutMs: number,
): Hook {
  const timeoutSeconds = fields.positiveNumber('timeout');
  return {
    event,
    matcher,
    condition: fields.string('if'),
    handler,
    timeoutMs: timeoutSeconds === undefined ? timeoutMs : Math.ceil(timeoutSeconds * 1000),
    statusMessage: fields.string('statusMessage'),
    once: fields.boolean('once'),
    // A hook that may wake the model later is one that nothing waits for; there is nobody to wake behind a proxy.
    async: [fields.boolean('async'), fields.boolean('asyncRewake')].includes(true),
    onFailure: fields.string('onFailure') === 'block' && canFail.includes(handler.kind) ? 'block' : 'report',
    permissions: undefined,
  };
}

function defaultTimeout(event: HookEvent, handler: HookHandler): number {
  if (event === 'SessionEnd') return sessionEndTimeoutMs;
  if (handler.kind === 'agent') return agentTimeoutMs;
  return event === 'UserPromptSubmit' || handler.kind === 'prompt' ? promptTimeoutMs : defaultTimeoutMs;
}
