import { isJsonObject, parseJsonObject } from '../../../kernel/json-object.ts';
import { definitionParts, type ChangedPart } from './fingerprint.ts';

/** What is remembered of the tools of one server, by their names. */
export type PinRecord = ReadonlyMap<string, PinnedTool>;

interface PinnedTool {
  /** The fingerprints that may be used, the one accepted last at the end. */
  readonly accepted: readonly string[];
  /** Another definition that nobody has accepted yet. */
  readonly held?: HeldDefinition;
  /** The last one that was held and is not told now: it has the same mark where it is told again, and may be accepted meanwhile. */
  readonly left?: HeldDefinition;
}

/** A definition that waits for its user's word. */
export interface HeldDefinition {
  readonly fingerprint: string;
  /** For whoever decides. */
  readonly changed: readonly ChangedPart[];
  /** By chance, of this very definition: who accepts it has seen it. */
  readonly mark: string;
}

/** A definition as a server has it now. */
export interface SeenDefinition {
  readonly name: string;
  readonly fingerprint: string;
  /** Whether it is the one with a fingerprint, which may have been told in another folder. */
  readonly isAs: (fingerprint: string) => boolean;
  /** Makes it one that is held, which was another one before. */
  readonly held: (before: string) => HeldDefinition;
}

/** More names are not learned: what is known must not fall out because a server thinks up others. */
const maxPinned = 1_000;
/** Of one tool: servers that are being renewed tell the old and the new one by turns. */
const maxAccepted = 4;

/** What is remembered once definitions were seen; the same object where that changes nothing. */
export function withSeen(record: PinRecord, seen: readonly SeenDefinition[]): PinRecord {
  const next = new Map(record);
  let isChanged = false;
  for (const definition of seen) {
    if (next.has(definition.name) || next.size >= maxPinned) continue;
    next.set(definition.name, { accepted: [definition.fingerprint] });
    isChanged = true;
  }
  // A server may tell several definitions of one tool at once: one is held at a time, for as long as it is told.
  for (const [name, definitions] of Map.groupBy(seen, (definition) => definition.name)) {
    const pinned = next.get(name);
    const changed = pinned && seenAgain(pinned, definitions);
    if (changed === undefined || changed === pinned) continue;
    next.set(name, changed);
    isChanged = true;
  }
  return isChanged ? next : record;
}

/** What is remembered once the held definitions of some tools were accepted. */
export function withAccepted(
  record: PinRecord,
  accepted: readonly Pick<SeenDefinition, 'name' | 'fingerprint'>[],
): PinRecord {
  const next = new Map(record);
  for (const { name, fingerprint } of accepted) {
    const pinned = next.get(name);
    if (pinned === undefined || (pinned.held ?? pinned.left)?.fingerprint !== fingerprint) continue;
    const fingerprints = [...pinned.accepted.filter((other) => other !== fingerprint), fingerprint];
    next.set(name, { accepted: fingerprints.slice(-maxAccepted) });
  }
  return next;
}

/**
 * What a file holds, with what could not be written into it before. Where the file knows a tool, that counts unless what could
 * not be written goes on from it: it may have been learned while the file could not be read either.
 */
export function withUnsaved(kept: PinRecord, unsaved: PinRecord): PinRecord {
  if (unsaved.size === 0) return kept;
  const next = new Map(kept);
  for (const [name, pinned] of unsaved) {
    const known = kept.get(name);
    const isFurther = known?.accepted.every((one) => pinned.accepted.includes(one)) ?? next.size < maxPinned;
    if (isFurther) next.set(name, pinned);
  }
  return next;
}

/** Whether a definition may be used. */
export function isAccepted(
  record: PinRecord,
  { name, isAs }: Pick<SeenDefinition, 'name' | 'isAs'>,
): boolean {
  return record.get(name)?.accepted.some(isAs) === true;
}

/** The record that a file holds; `undefined` when it holds anything else. */
export function parsePinRecord(text: string): PinRecord | undefined {
  const tools = parseJsonObject(text)?.['tools'];
  if (!isJsonObject(tools)) return undefined;
  const entries = Object.entries(tools);
  return entries.every((entry): entry is [string, PinnedTool] => isPinnedTool(entry[1]))
    ? new Map(entries)
    : undefined;
}

/** The file's text: one tool a line. `server` is for people who look at it. */
export function formatPinRecord(record: PinRecord, server: string): string {
  const lines = [...record].map(([name, pinned]) => `    ${JSON.stringify(name)}: ${JSON.stringify(pinned)}`);
  return `{\n  "server": ${JSON.stringify(server)},\n  "tools": {\n${lines.join(',\n')}\n  }\n}\n`;
}

function seenAgain(pinned: PinnedTool, definitions: readonly SeenDefinition[]): PinnedTool {
  const { accepted, held, left } = pinned;
  const others = definitions.filter(({ isAs }) => !accepted.some(isAs));
  const isTold = (one: HeldDefinition | undefined): one is HeldDefinition =>
    one !== undefined && others.some(({ isAs }) => isAs(one.fingerprint));
  const [first] = others;
  if (held === undefined ? first === undefined : isTold(held)) return pinned;
  const next = isTold(left) ? left : first?.held(accepted.at(-1) ?? '');
  // A server that tells the one and the other by turns, or has just been started again, makes nobody's mark stale.
  const gone = held ?? (next === left ? undefined : left);
  return { accepted, ...(next !== undefined && { held: next }), ...(gone !== undefined && { left: gone }) };
}

function isPinnedTool(value: unknown): value is PinnedTool {
  if (!isJsonObject(value)) return false;
  const { accepted, held, left } = value;
  if (!isTexts(accepted) || accepted.length === 0) return false;
  return [held, left].every((one) => one === undefined || isHeld(one));
}

function isHeld(value: unknown): value is HeldDefinition {
  if (!isJsonObject(value)) return false;
  const { fingerprint, changed, mark } = value;
  return (
    typeof fingerprint === 'string' &&
    typeof mark === 'string' &&
    Array.isArray(changed) &&
    changed.every(isChangedPart)
  );
}

function isChangedPart(value: unknown): value is ChangedPart {
  const parts: readonly unknown[] = definitionParts;
  return isJsonObject(value) && parts.includes(value['part']) && typeof value['now'] === 'string';
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}
