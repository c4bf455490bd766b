import { isJsonObject } from '../../../kernel/json-object.ts';

const types: readonly unknown[] = [...['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']];
/** What a keyword has to be where it is there, and how that is said. */
const forms: Readonly<Record<string, readonly [(value: unknown) => boolean, string]>> = {
  type: [
    (value) => (Array.isArray(value) ? value.every((each) => types.includes(each)) : types.includes(value)),
    `has to be one of ${types.join(', ')}, or a list of them`,
  ],
  required: [
    (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
    'has to be a list of names',
  ],
  enum: [Array.isArray, 'has to be a list'],
};
const byName: readonly string[] = ['properties', 'patternProperties', '$defs', 'definitions'];
const lists: readonly string[] = ['anyOf', 'oneOf', 'allOf', 'prefixItems'];
const single: readonly string[] = ['items', 'additionalProperties', 'not'];

/** Deeper than any that a model could follow; what is below is not looked at. */
const maxDepth = 64;

/** Where a JSON schema is none, and why, as a sentence; `undefined` for one that can be read. */
export function brokenSchema(schema: unknown, at = 'parameters', depth = 0): string | undefined {
  if (typeof schema === 'boolean' || depth > maxDepth) return undefined;
  if (!isJsonObject(schema)) return `${at} has to be a schema: an object, or true or false`;
  for (const [key, value] of Object.entries(schema)) {
    const found = brokenKeyword(key, value, `${at}.${key}`, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function brokenKeyword(key: string, value: unknown, at: string, depth: number): string | undefined {
  if (Object.hasOwn(forms, key)) {
    const [isFine, words] = forms[key] ?? [];
    return isFine?.(value) === false ? `${at} ${words}` : undefined;
  }
  if (byName.includes(key)) {
    if (!isJsonObject(value)) return `${at} has to be an object of schemas by their names`;
    return firstBroken(Object.entries(value), at, depth);
  }
  if (lists.includes(key)) {
    if (!Array.isArray(value)) return `${at} has to be a list of schemas`;
    return firstBroken([...(value as unknown[]).entries()], at, depth);
  }
  // The older form of `items` is a list.
  if (key === 'items' && Array.isArray(value)) return firstBroken([...value.entries()], at, depth);
  return single.includes(key) ? brokenSchema(value, at, depth) : undefined;
}

function firstBroken(
  schemas: readonly (readonly [string | number, unknown])[],
  at: string,
  depth: number,
): string | undefined {
  for (const [name, schema] of schemas) {
    const found = brokenSchema(schema, `${at}.${name}`, depth);
    if (found !== undefined) return found;
  }
  return undefined;
}
