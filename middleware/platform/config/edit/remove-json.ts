import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import type { JsonPath } from '../scopes/files/read-json-object.ts';

/** A JSON text without the member at a path; an object that had no other becomes `{}`, everything else stands as it stood. */
export function removeJson(text: string, path: JsonPath): string {
  const root = parseTree(text);
  const value = root === undefined ? undefined : findNodeAtLocation(root, [...path]);
  if (value === undefined) return text;
  const member = value.parent?.type === 'property' ? value.parent : value;
  const container = member.parent;
  if (container?.children === undefined) return text;
  const at = container.children.indexOf(member);
  const [before, after] = [container.children[at - 1], container.children[at + 1]];
  const end = member.offset + member.length;
  if (before !== undefined) return text.slice(0, before.offset + before.length) + text.slice(end);
  if (after !== undefined) return text.slice(0, member.offset) + text.slice(after.offset);
  return text.slice(0, container.offset + 1) + text.slice(container.offset + container.length - 1);
}
