import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import type { FileFault } from './files/config-problem.ts';
import { FaultNotes } from './fault-notes.ts';
import type { Parsed } from './files/file-keeper.ts';
import { readJsonObject, type JsonPath, type JsonReading } from './files/read-json-object.ts';

/**
 * The settings of one file: what is known has its right type, what is unknown is as it stands. As in Claude Code a rule
 * that is none is left out and its neighbours count, numbers and booleans in `env` become text, and `permissions` of a
 * wrong shape make the whole file invalid.
 */
export function readSettings(bytes: Buffer): Parsed<JsonObject> {
  const reading = readJsonObject(bytes);
  if (reading.kind === 'broken') return reading;
  const fault = permissionsFault(reading);
  if (fault !== undefined) return { kind: 'broken', fault };
  const notes = new FaultNotes(reading.faultAt);
  const value = membersOf(reading.value, [], knownSettings, notes);
  return { kind: 'good', value, faults: notes.faults };
}

function permissionsFault({
  value,
  faultAt,
}: Extract<JsonReading, { kind: 'object' }>): FileFault | undefined {
  const permissions = value['permissions'];
  if (permissions === undefined) return undefined;
  if (!isJsonObject(permissions))
    return { ...faultAt(['permissions'], 'must be an object'), leftOut: 'file' };
  for (const name of ['allow', 'ask', 'deny', 'additionalDirectories']) {
    const list = permissions[name];
    if (list === undefined) continue;
    const reason = Array.isArray(list) ? excessOf(list) : 'must be a list';
    if (reason !== undefined) return { ...faultAt(['permissions', name], reason), leftOut: 'file' };
  }
  return undefined;
}

/** Every rule is tested on every call of a tool. */
const maxRules = 2_000;

function excessOf({ length }: readonly unknown[]): string | undefined {
  return length > maxRules ? `has ${length} entries, more than ${maxRules}` : undefined;
}

/** Gives back the good part of a value, `undefined` where there is none, and notes what is left out. */
type Check = (value: unknown, path: JsonPath, notes: FaultNotes) => unknown;

function must(be: string, isGood: (value: unknown) => boolean): Check {
  return (value, path, notes) => {
    if (isGood(value)) return value;
    notes.add(path, `must be ${be}; it is left out`);
    return undefined;
  };
}

function listOf(check: Check): Check {
  return (value, path, notes) => {
    if (!Array.isArray(value)) return aList(value, path, notes);
    const entries: readonly unknown[] = value;
    return entries.filter((entry, index) => check(entry, [...path, index], notes) !== undefined);
  };
}

function objectWith(checks: (name: string) => Check | undefined): Check {
  return (value, path, notes) =>
    isJsonObject(value) ? membersOf(value, path, checks, notes) : anObject(value, path, notes);
}

function membersOf(
  value: JsonObject,
  path: JsonPath,
  checks: (name: string) => Check | undefined,
  notes: FaultNotes,
): JsonObject {
  const members = Object.entries(value).map(([name, entry]) => {
    const check = checks(name);
    return [name, check === undefined ? entry : check(entry, [...path, name], notes)] as const;
  });
  return Object.fromEntries(members.filter(([, entry]) => entry !== undefined));
}

const aText = must('a text', (value) => typeof value === 'string');
const aFlag = must('true or false', (value) => typeof value === 'boolean');
const aList = must('a list', Array.isArray);
const anObject = must('an object', isJsonObject);

const aVariable: Check = (value, path, notes) => {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return aText(value, path, notes);
};

/** Which tools there are is not known here: whatever has the form of a rule is one. */
const aRule = must(
  'a rule such as Bash(npm run *)',
  (value) => typeof value === 'string' && /^[^\s(),]+(?:\(.*\))?$/s.test(value),
);

const permissions = new Map<string, Check>([
  ['allow', listOf(aRule)],
  ['ask', listOf(aRule)],
  ['deny', listOf(aRule)],
  ['additionalDirectories', listOf(aText)],
  ['defaultMode', aText],
  ['disableBypassPermissionsMode', aText],
]);

const settings = new Map<string, Check>([
  ['model', aText],
  ['env', objectWith(() => aVariable)],
  ['permissions', objectWith((name) => permissions.get(name))],
  ['disableAllHooks', aFlag],
  ['allowManagedHooksOnly', aFlag],
  ['allowManagedPermissionRulesOnly', aFlag],
  ['allowManagedMcpServersOnly', aFlag],
  ['enableAllProjectMcpServers', aFlag],
  ['enabledMcpjsonServers', listOf(aText)],
  ['disabledMcpjsonServers', listOf(aText)],
  ['allowedMcpServers', listOf(anObject)],
  ['deniedMcpServers', listOf(anObject)],
]);

/** Every setting that is read, as it is named in a list of them. */
export const settingKeys: readonly string[] = [
  ...settings.keys(),
  ...[...permissions.keys()].map((name) => `permissions.${name}`),
  'hooks',
];

const knownSettings = (name: string): Check | undefined => settings.get(name);
