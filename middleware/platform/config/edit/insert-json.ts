import { findNodeAtLocation, parseTree, type Node } from 'jsonc-parser';
import type { JsonPath } from '../scopes/files/read-json-object.ts';

/**
 * A JSON text with a value behind the members that an object or a list has at a path; what is missing on the way is
 * made. Nothing that stands there is formatted anew, as the library's own edits would do, and what is added looks
 * like it.
 */
export function insertJson(text: string, path: JsonPath, value: unknown): string {
  const root = parseTree(text);
  if (root === undefined) return text;
  const [name, ...missing] = path.slice(depthOf(root, path));
  const container = findNodeAtLocation(root, path.slice(0, path.length - missing.length - 1)) ?? root;
  let made = value;
  for (const key of missing.toReversed()) made = typeof key === 'number' ? [made] : { [key]: made };
  const key = container.type === 'object' ? String(name) : undefined;
  const [first] = container.children ?? [];
  const isOneLine =
    first === undefined
      ? root.children?.length !== 0 && !text.trim().includes('\n')
      : !text.slice(container.offset, first.offset).includes('\n');
  return isOneLine
    ? inLine(text, container, { key, value: made })
    : inLines(text, container, { key, value: made });
}

interface Member {
  /** `undefined`: of a list. */
  readonly key: string | undefined;
  readonly value: unknown;
}

/** How much of a path is there, without its last part: that is what is added. */
function depthOf(root: Node, path: JsonPath): number {
  let depth = path.length - 1;
  while (depth > 0 && findNodeAtLocation(root, path.slice(0, depth)) === undefined) depth--;
  return depth;
}

function inLine(text: string, container: Node, { key, value }: Member): string {
  const isSpaced = /"\s*:\s/.test(text);
  const written = (part: unknown): string =>
    isSpaced ? JSON.stringify(part, null, 1).replaceAll(/\n\s*/g, ' ') : JSON.stringify(part);
  const space = isSpaced ? ' ' : '';
  const member = (key === undefined ? '' : `${JSON.stringify(key)}:${space}`) + written(value);
  const last = container.children?.at(-1);
  if (last === undefined) return put(text, container.offset + 1, space + member + space);
  return put(text, last.offset + last.length, `,${space}${member}`);
}

function inLines(text: string, container: Node, { key, value }: Member): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const [, unit = '  '] = /^([ \t]+)\S/m.exec(text) ?? [];
  const outer = indentAt(text, container.offset);
  const [first] = container.children ?? [];
  const indent = first === undefined ? outer + unit : indentAt(text, first.offset);
  const body = JSON.stringify(value, null, unit).replaceAll('\n', eol + indent);
  const member = eol + indent + (key === undefined ? '' : `${JSON.stringify(key)}: `) + body;
  const last = container.children?.at(-1);
  if (last !== undefined) return put(text, last.offset + last.length, `,${member}`);
  const end = container.offset + container.length - 1;
  return text.slice(0, container.offset + 1) + member + eol + outer + text.slice(end);
}

function indentAt(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}

function put(text: string, at: number, added: string): string {
  return text.slice(0, at) + added + text.slice(at);
}
