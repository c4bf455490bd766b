import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';

/** Keywords whose schemas are parts of the one in which they stand: some of them fit. */
export const choices = ['anyOf', 'oneOf'] as const;
/** Those of which all fit. Generators put what has a name among the definitions, the whole of a schema as well. */
export const wholes = ['allOf', '$ref'] as const;

/**
 * A schema and its parts under the given keywords, whatever they refer to, each once and before its own parts: schemas refer to
 * themselves, and to one definition from many places.
 */
export function partsOf(
  schema: JsonObject,
  keywords: readonly (typeof choices | typeof wholes)[number][],
): readonly JsonObject[] {
  const parts = new Set<JsonObject>();
  // In a list of its own: a chain of references may be longer than the stack is deep.
  const waiting = [schema];
  while (waiting.length > 0) {
    const part = waiting.pop();
    if (part === undefined || parts.has(part)) continue;
    parts.add(part);
    const inner = keywords.flatMap((key) => innerOf(schema, key, part[key]));
    for (const each of inner.toReversed()) waiting.push(each);
  }
  return [...parts];
}

function innerOf(root: JsonObject, key: string, value: unknown): readonly JsonObject[] {
  const schemas = key === '$ref' ? [referred(root, value)] : [value].flat();
  return schemas.filter(isJsonObject);
}

/** What a reference within a schema leads to. Source: RFC 6901, "JSON String Representation", "URI Fragment Identifier Representation". */
function referred(root: JsonObject, reference: unknown): unknown {
  if (typeof reference !== 'string' || !/^#(?:\/|$)/.test(reference)) return undefined;
  const [, ...names] = decoded(reference.slice(1)).split('/');
  return names
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((at, name) => memberOf(at, name), root);
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as JsonObject)[name]
    : undefined;
}

function decoded(pointer: string): string {
  try {
    return decodeURIComponent(pointer);
  } catch {
    return pointer;
  }
}
