import { rememberedTexts } from '../../../kernel/bounds/remembered-texts.ts';
import { parseJson } from '../../../kernel/json-object.ts';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { headerValue, type RawHeaders } from '../../../kernel/headers.ts';

export interface FoundWorkspace {
  /** Absolute and normalised; whether it exists is not known here. */
  readonly path: string;
  readonly from: 'turn-metadata' | 'environment-context' | 'header' | 'default';
}

interface WorkspaceSigns {
  readonly headers: RawHeaders;
  /**
   * The parsed `input` or `messages` of the body, or those of its items that have an `<environment_context>`;
   * `undefined` where there is none.
   */
  readonly readInput: () => unknown;
  readonly defaultWorkspace: string | undefined;
}

/**
 * The folder that a request is about: the working directory, `<cwd>` in the last `<environment_context>`, where Codex's turn
 * metadata names no `workspaces` or one that holds it; otherwise the first of those. The metadata names the root of a
 * repository, of which people often work in a part. Then the header `x-codex-plus-workspace`, then the default. What is not
 * absolute or has `..` in it is passed over.
 */
export function findWorkspace({
  headers,
  readInput,
  defaultWorkspace,
}: WorkspaceSigns): FoundWorkspace | undefined {
  const workspaces = metadataWorkspaces(headers);
  const [first] = workspaces;
  const cwd = environmentCwd(readInput());
  if (cwd !== undefined && (first === undefined || workspaces.some((folder) => isWithin(folder, cwd)))) {
    return { path: cwd, from: 'environment-context' };
  }
  if (first !== undefined) return { path: first, from: 'turn-metadata' };
  const named = cleanPath(decoded(headerValue(headers, 'x-codex-plus-workspace')));
  if (named !== undefined) return { path: named, from: 'header' };
  const path = cleanPath(defaultWorkspace);
  return path === undefined ? undefined : { path, from: 'default' };
}

/** All that the headers of a request tell of its folder. */
export function namedInHeaders(headers: RawHeaders): string {
  const header = headerValue(headers, 'x-codex-plus-workspace');
  return JSON.stringify([metadataWorkspaces(headers), header ?? null]);
}

/** Whether a path is a folder or something in it. Both absolute and normalised. */
export function isWithin(folder: string, path: string): boolean {
  const below = relative(folder, path);
  return below === '' || (below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below));
}

function metadataWorkspaces(headers: RawHeaders): readonly string[] {
  const text = headerValue(headers, 'x-codex-turn-metadata');
  return text === undefined ? [] : workspacesOf(text);
}

/** All requests of a turn have the same. */
const workspacesOf = rememberedTexts((text) => workspacesIn(parseJson(decoded(text) ?? '')));

function workspacesIn(metadata: unknown): readonly string[] {
  const workspaces = member(metadata, 'workspaces');
  if (typeof workspaces !== 'object' || workspaces === null || Array.isArray(workspaces)) return [];
  return Object.keys(workspaces)
    .map(cleanPath)
    .filter((path) => path !== undefined);
}

/** Only in the user's items: what a tool brought in may say what it likes. */
function environmentCwd(input: unknown): string | undefined {
  if (!Array.isArray(input)) return undefined;
  const texts = input.filter((item) => member(item, 'role') === 'user').flatMap(textsOf);
  const contexts = texts.filter((text) => text.trimStart().startsWith('<environment_context>'));
  const cwds = contexts.map((text) => cleanPath(/<cwd>([^<]*)<\/cwd>/.exec(text)?.[1]?.trim()));
  return cwds.findLast((cwd) => cwd !== undefined);
}

function textsOf(item: unknown): readonly string[] {
  const content = member(item, 'content');
  if (typeof content === 'string') return [content];
  if (!Array.isArray(content)) return [];
  return content.map((part) => member(part, 'text')).filter((text) => typeof text === 'string');
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

function cleanPath(path: string | undefined): string | undefined {
  if (path === undefined || !isAbsolute(path) || path.includes('\0')) return undefined;
  if (path.split(/[\\/]/).includes('..')) return undefined;
  return resolve(path);
}

/** Node reads header values as Latin-1; clients write paths in UTF-8. */
function decoded(value: string | undefined): string | undefined {
  return value === undefined ? undefined : Buffer.from(value, 'latin1').toString('utf8');
}
