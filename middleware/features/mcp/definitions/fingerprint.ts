import { createHash } from 'node:crypto';
import type { Tool } from '@modelcontextprotocol/client';
import { canonicalJson } from '../../../kernel/canonical-json.ts';
import { visibleJson } from '../../../kernel/visible-text.ts';
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
/** Of what a part says to whoever decides; more of it is counted. */
const maxSaid = 4_096;

/**
 * The hashes of the parts of a definition in one text. Where a definition names the folder that it is used in, which folder
 * that is does not count: one server is the same in all of them.
 */
export function fingerprintOf(tool: Tool, folder: string): string {
  const written = JSON.stringify(folder).slice(1, -1);
  return partsOf(tool)
    .map((part) => hash(withoutFolder(canonicalJson(part ?? null), written)))
    .join(separator);
}

/** The parts of a definition whose hashes are others than in a fingerprint. */
export function changedParts(before: string, now: string, tool: Tool): readonly ChangedPart[] {
  const hashes = now.split(separator);
  const known = before.split(separator);
  const values = partsOf(tool);
  return definitionParts.flatMap((part, at) =>
    hashes[at] === known[at] ? [] : [{ part, now: saidIn(part, values[at]) }],
  );
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

/** A root folder would be everywhere. */
function withoutFolder(json: string, folder: string): string {
  return folder.length > 1 ? json.replaceAll(folder, '\0') : json;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
