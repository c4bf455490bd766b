import { createHash } from 'node:crypto';
import type { Tool } from '@modelcontextprotocol/client';
import { canonicalJson } from '../../../kernel/canonical-json.ts';

/** What of a definition tells a model, or a client, how to use a tool. */
export const definitionParts = ['description', 'input schema', 'output schema', 'annotations'] as const;

export type DefinitionPart = (typeof definitionParts)[number];

const separator = '.';

/**
 * The hashes of the parts of a definition in one text. Where a definition names the folder that it is used in, which folder
 * that is does not count: one server is the same in all of them.
 */
export function fingerprintOf(tool: Tool, folder: string): string {
  const { title, description, inputSchema, outputSchema, annotations } = tool;
  const written = JSON.stringify(folder).slice(1, -1);
  return [[title, description], inputSchema, outputSchema, annotations]
    .map((part) => hash(withoutFolder(canonicalJson(part ?? null), written)))
    .join(separator);
}

/** The parts in which two fingerprints differ. */
export function changedParts(one: string, other: string): readonly DefinitionPart[] {
  const hashes = other.split(separator);
  const before = one.split(separator);
  return definitionParts.filter((_, at) => hashes[at] !== before[at]);
}

/** A root folder would be everywhere. */
function withoutFolder(json: string, folder: string): string {
  return folder.length > 1 ? json.replaceAll(folder, '\0') : json;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
