import { isJsonObject, objectIn, type JsonObject } from '../../../kernel/json-object.ts';
import { choices, partsOf, wholes } from './schema-parts.ts';

/** Keywords that OpenAI or Anthropic refuses at the top of a tool's schema. */
const refusedAtTop: ReadonlySet<string> = new Set([
  ...['anyOf', 'oneOf', 'allOf', 'enum', 'const', 'not'],
  // What it refers to is among its members.
  '$ref',
]);
/** Those whose value is schemas by names, one schema, or a list of them. */
const named: ReadonlySet<string> = new Set(['properties', 'patternProperties', '$defs', 'definitions']);
const nested: ReadonlySet<string> = new Set([
  ...['items', 'prefixItems', 'additionalProperties', 'anyOf', 'oneOf', 'allOf', 'not', 'if', 'then', 'else'],
]);

/**
 * A tool's schema as every provider takes it: that of an object whose members are listed, those of its choices among them,
 * and lists that say what is in them. One schema that is refused costs the whole request. Sources: OpenAI's errors
 * "schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level", "object schema missing
 * properties" and "array schema missing items"; Anthropic's "input_schema does not support oneOf, allOf, or anyOf at the top level".
 */
export function objectSchema(schema: JsonObject): JsonObject {
  const kept = Object.entries(schema).filter(([key]) => !refusedAtTop.has(key));
  return {
    ...withItems(Object.fromEntries(kept)),
    type: 'object',
    properties: withItemsByName(propertiesOf(schema)),
    ...requiredOf(schema),
  };
}

/** Its own members first: what a choice says of one of them narrows it. */
function propertiesOf(schema: JsonObject): JsonObject {
  const found = new Map<string, unknown>();
  for (const { properties } of partsOf(schema, [...choices, ...wholes]))
    for (const [name, inner] of Object.entries(objectIn(properties)))
      if (!found.has(name)) found.set(name, inner);
  return Object.fromEntries(found);
}

/** What all parts ask for, none of which is a choice. */
function requiredOf(schema: JsonObject): JsonObject {
  const parts = partsOf(schema, wholes);
  if (parts.length === 1) return {};
  const names = parts.flatMap(({ required }) => [required].flat());
  const known = new Set(names.filter((name) => typeof name === 'string'));
  return known.size === 0 ? {} : { required: [...known] };
}

function withItems(schema: JsonObject): JsonObject {
  const members = Object.entries(schema).map(([key, value]) => [key, innerOf(key, value)] as const);
  const isOpenList = [schema['type']].flat().includes('array') && !('items' in schema);
  return { ...Object.fromEntries(members), ...(isOpenList ? { items: {} } : {}) };
}

function innerOf(key: string, value: unknown): unknown {
  if (named.has(key) && isJsonObject(value)) return withItemsByName(value);
  if (!nested.has(key)) return value;
  if (Array.isArray(value))
    return value.map((each: unknown) => (isJsonObject(each) ? withItems(each) : each));
  return isJsonObject(value) ? withItems(value) : value;
}

function withItemsByName(schemas: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, inner]) => [name, isJsonObject(inner) ? withItems(inner) : inner]),
  );
}
