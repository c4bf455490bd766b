import { lstatSync, rmSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import { UserError } from '../../../kernel/user-error.ts';
import { visibleLine } from '../../../kernel/visible-text.ts';
import { insertJson } from '../../../platform/config/edit/insert-json.ts';
import { mendFirst, objectToEdit } from '../../../platform/config/edit/object-to-edit.ts';
import { removeJson } from '../../../platform/config/edit/remove-json.ts';
import { pathText } from '../../../platform/config/scopes/files/read-json-object.ts';
import { readTextFile } from '../../../platform/store/read-text-file.ts';
import { writeTextFile } from '../../../platform/store/write-files.ts';
import { placesByStrength, type EditedProject, type ServerPlace } from './server-place.ts';

/**
 * Writes the entry of a server into a file, all else as it stands. Throws a UserError where the place has a server of that
 * name, or the file is to be mended first.
 */
export function writeServer(name: string, entry: JsonObject, place: ServerPlace): void {
  const { text, mark, servers } = readPlace(place);
  if (Object.hasOwn(servers ?? {}, name))
    throw new UserError(`MCP server ${name} already exists in ${visibleLine(place.file, 300)}`);
  const next = insertJson(text.trim() === '' ? '{}\n' : text, [...place.path, name], entry);
  replace(place, mark, next, { ...servers, [name]: entry });
}

export interface Removed {
  readonly entry: unknown;
  /** Whether its file went with it: a project's that had nothing else in it, as `add` makes one. */
  readonly isFileGone: boolean;
}

/** Takes a server out of its file, all else as it stands. Throws a UserError where the file does not have it any more. */
export function removeServer(name: string, place: ServerPlace): Removed {
  const { text, mark, servers } = readPlace(place);
  if (!Object.hasOwn(servers ?? {}, name))
    throw new UserError(`${visibleLine(place.file, 300)} does not have the MCP server ${name} any more`);
  const others = Object.fromEntries(Object.entries(servers ?? {}).filter(([other]) => other !== name));
  const entry = servers?.[name];
  if (place.scope === 'project' && isAlone(text, place) && lstatSync(place.file).isFile()) {
    rmSync(place.file);
    return { entry, isFileGone: true };
  }
  replace(place, mark, removeJson(text, [...place.path, name]), others);
  return { entry, isFileGone: false };
}

/** Whether one server is all that a file has in it. */
function isAlone(text: string, place: ServerPlace): boolean {
  const names = Object.keys(objectToEdit(text, place.file));
  return names.length === 1 && Object.keys(serversIn(text, place) ?? {}).length === 1;
}

/** The places that have a server of this name, the one that counts first. */
export function placesOf(name: string, where: EditedProject): readonly ServerPlace[] {
  return placesByStrength(where).filter((place) => Object.hasOwn(readPlace(place).servers ?? {}, name));
}

/** All entries in the places of a project, and those for other projects in the same files. */
export function writtenEntries(where: EditedProject): readonly unknown[] {
  const places = placesByStrength(where);
  const files = new Set(places.filter(({ scope }) => scope === 'local').map(({ file }) => file));
  const projects = [...files].flatMap((file) => {
    const known = readPlace({ scope: 'local', file, path: ['projects'], project: undefined }).servers ?? {};
    return Object.values(known).map((project) => (isJsonObject(project) ? project['mcpServers'] : undefined));
  });
  return [...places.map((place) => readPlace(place).servers), ...projects]
    .filter(isJsonObject)
    .flatMap((servers) => Object.values(servers));
}

interface PlaceContent {
  readonly text: string;
  /** The byte order mark, where the file has one. */
  readonly mark: string;
  readonly servers: JsonObject | undefined;
}

function readPlace(place: ServerPlace): PlaceContent {
  const content = readTextFile(place.file) ?? '';
  const mark = content.startsWith('\ufeff') ? '\ufeff' : '';
  const text = content.slice(mark.length);
  return { text, mark, servers: serversIn(text, place) };
}

function serversIn(text: string, { file, path }: ServerPlace): JsonObject | undefined {
  let value = objectToEdit(text, file);
  for (const [index, step] of path.entries()) {
    const member = Object.hasOwn(value, step) ? value[step] : undefined;
    if (member === undefined) return undefined;
    if (!isJsonObject(member))
      throw mendFirst(file, `${pathText(path.slice(0, index + 1))} is not an object`);
    value = member;
  }
  return value;
}

function replace(place: ServerPlace, mark: string, text: string, servers: JsonObject): void {
  // With a name that stands there twice, the text would be read otherwise than it was changed.
  if (!isDeepStrictEqual(serversIn(text, place), servers))
    throw mendFirst(place.file, 'has a name twice where the servers stand');
  writeTextFile(place.file, mark + text);
}
