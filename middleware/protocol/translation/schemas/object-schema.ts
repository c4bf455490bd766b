import { isJsonObject, objectIn, type JsonObject } from '../../../kernel/json-object.ts';

/** Keywords that OpenAI or Anthropic refuses at the top of a tool's schema. */
const refusedAtTop: ReadonlySet<string> = new Set(['anyOf', 'oneOf', 'allOf', 'enum', 'const', 'not']);
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
export function objectSchema(given: JsonObject): JsonObject {
  const schema = withReferred(given);
  const kept = Object.entries(schema).filter(([key]) => !refusedAtTop.has(key));
  return {
    ...withItems(Object.fromEntries(kept)),
    type: 'object',
    properties: withItemsByName(propertiesOf(schema)),
    ...requiredOf(schema),
  };
}

/** Generators put the whole of a schema that has a name among its definitions: it is one part more of the schema. */
function withReferred({ $ref: reference, ...schema }: JsonObject): JsonObject {
  const [, group = '', name = ''] = /^#\/(\$defs|definitions)\/([^/]+)$/.exec(String(reference)) ?? [];
  const referred = objectIn(schema[group])[name];
  return isJsonObject(referred) ? { ...schema, allOf: [schema['allOf'] ?? [], referred].flat() } : schema;
}

/** Its own members first: what a choice says of one of them narrows it. */
function propertiesOf(schema: JsonObject): JsonObject {
  const { properties, anyOf, oneOf, allOf } = schema;
  const choices = [anyOf, oneOf, allOf].flat().filter(isJsonObject);
  const own = isJsonObject(properties) ? Object.entries(properties) : [];
  const found = new Map(own);
  for (const [name, inner] of choices.flatMap((choice) => Object.entries(propertiesOf(choice))))
    if (!found.has(name)) found.set(name, inner);
  return Object.fromEntries(found);
}

/** What all parts ask for, none of which is a choice. */
function requiredOf({ required, allOf }: JsonObject): JsonObject {
  const parts = [allOf].flat().filter(isJsonObject);
  if (parts.length === 0) return {};
  const names = [required, ...parts.map((part) => requiredOf(part)['required'] ?? part['required'])];
  const known = new Set(names.flat().filter((name) => typeof name === 'string'));
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
