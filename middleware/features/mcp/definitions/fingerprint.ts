import { createHash } from 'node:crypto';
import type { Tool } from '@modelcontextprotocol/client';
import { canonicalJson } from '../../../kernel/canonical-json.ts';
import { visibleJson } from '../../../kernel/visible-text.ts';
import { isNamedIn, isToldElsewhere, namingOf } from './named-folder.ts';
import { safeDescription } from './safe-definition.ts';

/**
 * What of a definition tells a model, or a client, how to use a tool. `other members` are all that a client gets beside the
 * others: icons, what it says of itself to clients that know its extensions.
 */
export const definitionParts = [
  'description',
  'input schema',
  'output schema',
  'annotations',
  'other members',
] as const;

export type DefinitionPart = (typeof definitionParts)[number];

/** A part that was changed, and what it says now. */
export interface ChangedPart {
  readonly part: DefinitionPart;
  readonly now: string;
}

const separator = '.';
/** In no hash. */
const folderMark = ' ';
/** Of what a part says to whoever decides; more of it is counted. */
const maxSaid = 4_096;

/** A definition as it is told in a folder. */
export interface ToldDefinition {
  /** The hashes of its parts in one text, with the folder behind them where a part names it. */
  readonly fingerprint: string;
  /**
   * The parts that say something else than in a fingerprint. Where a definition names the folder that it is told in, which one that is does not
   * count: one server is the same in all of them.
   */
  readonly differingFrom: (before: string) => readonly DefinitionPart[];
  /** What such parts say now. */
  readonly saying: (parts: readonly DefinitionPart[]) => readonly ChangedPart[];
}

export function toldDefinition(tool: Tool, folder: string): ToldDefinition {
  const naming = namingOf(folder);
  const written = JSON.stringify(folder).slice(1, -1);
  const parts = partsOf(tool).map((value) => partIn(value ?? null, { naming, written }));
  const hashes = parts.map((part) => part.hash).join(separator);
  const differing = new Map<string, readonly DefinitionPart[]>();
  return {
    fingerprint: parts.some(({ isNaming }) => isNaming) ? `${hashes}${folderMark}${folder}` : hashes,
    differingFrom: (before) => {
      const known = differing.get(before);
      if (known !== undefined) return known;
      const [all = '', ...folders] = before.split(folderMark);
      const other = folders.length === 0 ? undefined : folders.join(folderMark);
      const old = all.split(separator);
      const found = definitionParts.filter((_, at) => parts[at]?.isAs(old[at] ?? '', other) !== true);
      differing.set(before, found);
      return found;
    },
    saying: (changed) => {
      const values = partsOf(tool);
      return changed.map((part) => ({ part, now: saidIn(part, values[definitionParts.indexOf(part)]) }));
    },
  };
}

interface Part {
  readonly hash: string;
  readonly isNaming: boolean;
  /** Whether it is the part with a hash, which was told in another folder where that is known. */
  readonly isAs: (known: string, other: string | undefined) => boolean;
}

function partIn(
  value: unknown,
  { naming, written }: { readonly naming: RegExp | undefined; readonly written: string },
): Part {
  const json = canonicalJson(value);
  const own = hash(json);
  // Most definitions name no folder at all.
  if (naming === undefined || !json.includes(written))
    return { hash: own, isNaming: false, isAs: (known) => known === own };
  return {
    hash: own,
    isNaming: isNamedIn(value, naming),
    isAs: (known, other) => {
      if (known === own) return true;
      // Without the folder, fingerprints were of texts in which it was left out.
      if (other === undefined) return known === hash(canonicalJson(value).replaceAll(written, '\0'));
      return isToldElsewhere(value, { naming, other }, (told) => known === hash(canonicalJson(told)));
    },
  };
}

function partsOf(tool: Tool): readonly unknown[] {
  const { title, description, inputSchema, outputSchema, annotations, ...others } = tool;
  return [[title, description], inputSchema, outputSchema, annotations, others];
}

function saidIn(part: DefinitionPart, value: unknown): string {
  if (part === 'description' && Array.isArray(value))
    return safeDescription(value.filter((text) => typeof text === 'string').join('\n'));
  if (value === undefined) return 'none';
  const json = visibleJson(canonicalJson(value));
  const more = json.length - maxSaid;
  return more > 0 ? `${json.slice(0, maxSaid)}… and ${more} more characters` : json;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
