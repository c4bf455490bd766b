import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';

/** What OpenAI enforces, or takes as a note. Source: "Structured model outputs", "Supported schemas". */
const taken: ReadonlySet<string> = new Set([
  ...['type', 'enum', 'const', 'anyOf', '$ref', '$defs', 'definitions', 'title', 'description', '$schema'],
  ...['properties', 'required', 'additionalProperties', 'items', 'minItems', 'maxItems', 'pattern', 'format'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
]);
const formats: ReadonlySet<unknown> = new Set([
  ...['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uuid'],
]);
const saysWhat = ['type', 'enum', 'const', 'anyOf', '$ref'] as const;

/** Whether OpenAI takes a schema as `strict`: it refuses the request for one in which a member may be left out, or added. */
export function fitsStrict(schema: JsonObject): boolean {
  return schema['type'] === 'object' && !('anyOf' in schema) && fits(schema);
}

function fits(schema: unknown): boolean {
  if (!isJsonObject(schema)) return false;
  const isKnown = Object.keys(schema).every((key) => taken.has(key)) && saysWhat.some((key) => key in schema);
  return (
    isKnown &&
    (!('format' in schema) || formats.has(schema['format'])) &&
    (!isObjects(schema) || isClosed(schema)) &&
    (!isList(schema) || fits(schema['items'])) &&
    othersFit(schema)
  );
}

/** Its choices, and what it defines for elsewhere. */
function othersFit({ anyOf = [], $defs = {}, definitions = {} }: JsonObject): boolean {
  const groups = [$defs, definitions].every(
    (group) => isJsonObject(group) && Object.values(group).every(fits),
  );
  return groups && Array.isArray(anyOf) && anyOf.every(fits);
}

function isList(schema: JsonObject): boolean {
  return [schema['type']].flat().includes('array') || 'items' in schema;
}

function isObjects(schema: JsonObject): boolean {
  return [schema['type']].flat().includes('object') || 'properties' in schema;
}

function isClosed({ properties, required, additionalProperties: others }: JsonObject): boolean {
  if (others !== false || !isJsonObject(properties) || !Array.isArray(required)) return false;
  const names = new Set<unknown>(required);
  return Object.entries(properties).every(([name, inner]) => names.has(name) && fits(inner));
}
