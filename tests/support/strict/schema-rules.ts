import { isJsonObject, objectIn, type JsonObject } from '../../../middleware/kernel/json-object.ts';
import { membersOfOdd } from './made-up-schemas.ts';

/** Keywords whose value is schemas by names; one schema, or a list of them. */
const named = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'];
const nested = [
  ...[
    'items',
    'prefixItems',
    'contains',
    'additionalProperties',
    'anyOf',
    'oneOf',
    'allOf',
    'not',
    'if',
    'then',
    'else',
  ],
];

/** A schema and all that stand in it; what members are called is no keyword. */
function schemasIn(schema: unknown): readonly JsonObject[] {
  if (!isJsonObject(schema)) return [];
  const inner = Object.entries(schema).flatMap(([key, value]): readonly unknown[] => {
    if (named.includes(key) && isJsonObject(value)) return Object.values(value);
    return nested.includes(key) ? [value].flat() : [];
  });
  return [schema, ...inner.flatMap(schemasIn)];
}

function isOf(schema: JsonObject, type: string): boolean {
  return [schema['type']].flat().includes(type);
}

/**
 * What OpenAI, and who has its API, refuse of the schema of a function. Source: its errors, as issues quote them: "schema must have
 * type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level", "object schema missing properties", "array
 * schema missing items".
 */
export function faultsOfParameters(schema: unknown, at: string): readonly string[] {
  if (!isJsonObject(schema)) return [`${at}: no schema`];
  return [
    ...(schema['type'] === 'object' ? [] : [`${at}: schema must have type 'object'`]),
    ...(isJsonObject(schema['properties']) ? [] : [`${at}: object schema missing properties`]),
    ...['oneOf', 'anyOf', 'allOf', 'enum', 'not']
      .filter((key) => key in schema)
      .map((key) => `${at}: schema must not have '${key}' at the top level`),
    ...schemasIn(schema)
      .filter((each) => isOf(each, 'array') && !('items' in each))
      .map(() => `${at}: array schema missing items`),
  ];
}

/**
 * What OpenAI refuses of a schema that it is to enforce. Source: "Structured model outputs", "Supported schemas": the top is an
 * object and no choice, objects are closed and all of their members required, some keywords are not there.
 */
export function faultsOfStrict(schema: unknown, at: string): readonly string[] {
  if (!isJsonObject(schema)) return [`${at}: no schema`];
  const refused = [
    'oneOf',
    'allOf',
    'not',
    'if',
    'then',
    'else',
    'patternProperties',
    'prefixItems',
    'contains',
  ];
  const lengths = ['minLength', 'maxLength', 'uniqueItems', 'dependentRequired', 'dependentSchemas'];
  return [
    ...(schema['type'] === 'object' && !('anyOf' in schema) ? [] : [`${at}: the top has to be an object`]),
    ...schemasIn(schema).flatMap((each) => [
      ...[...refused, ...lengths]
        .filter((key) => key in each)
        .map((key) => `${at}: '${key}' is not permitted`),
      ...(isOf(each, 'object') ? faultsOfClosed(each, at) : []),
    ]),
  ];
}

function faultsOfClosed(
  { additionalProperties, properties, required }: JsonObject,
  at: string,
): readonly string[] {
  const names = Object.keys(isJsonObject(properties) ? properties : {});
  const isRequired = Array.isArray(required) && names.every((name) => required.includes(name));
  return [
    ...(additionalProperties === false ? [] : [`${at}: 'additionalProperties' is required to be false`]),
    ...(isRequired || names.length === 0 ? [] : [`${at}: 'required' has to include every key in properties`]),
  ];
}

/**
 * What Anthropic refuses of the schema of a tool. Source: its errors: "input_schema does not support oneOf, allOf, or anyOf at the
 * top level", "Property keys should match pattern", the latter at the top alone (Claude Code's documentation, "Tool input schema
 * is invalid").
 */
export function faultsOfInputSchema(schema: unknown, at: string): readonly string[] {
  if (!isJsonObject(schema)) return [`${at}: Field required`];
  const { type, properties } = schema;
  return [
    ...(type === 'object' ? [] : [`${at}.type: Input should be 'object'`]),
    ...['oneOf', 'allOf', 'anyOf']
      .filter((key) => key in schema)
      .map((key) => `${at}: ${key} is not taken at the top`),
    ...Object.keys(isJsonObject(properties) ? properties : {})
      .filter((name) => !/^[a-zA-Z0-9_.-]{1,64}$/.test(name))
      .map(() => `${at}.properties: Property keys should match pattern`),
  ];
}

const anthropicsFormats = [
  ...['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'uri', 'ipv4', 'ipv6', 'uuid'],
];

function isElsewhere(reference: unknown): boolean {
  return typeof reference === 'string' && !reference.startsWith('#/');
}

/** What Anthropic refuses of a schema that it is to enforce. Source: "Structured outputs", "JSON Schema limitations". */
export function faultsOfEnforced(schema: unknown, at: string): readonly string[] {
  const refused = [
    ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minLength', 'maxLength'],
    ...['maxItems', 'uniqueItems', 'contains', 'prefixItems', 'oneOf', 'not', 'if', 'patternProperties'],
  ];
  return schemasIn(schema).flatMap((each) => [
    ...refused.filter((key) => key in each).map((key) => `${at}: property '${key}' is not supported`),
    ...(isOf(each, 'object') && each['additionalProperties'] !== false
      ? [`${at}: For 'object' type, 'additionalProperties' must be set to false`]
      : []),
    ...('minItems' in each && each['minItems'] !== 0 && each['minItems'] !== 1
      ? [`${at}: For 'array' type, 'minItems' values other than 0 or 1 are not supported`]
      : []),
    ...('format' in each && !anthropicsFormats.includes(String(each['format']))
      ? [`${at}: For 'string' type, 'format' ${String(each['format'])} is not supported`]
      : []),
    ...(isElsewhere(each['$ref']) ? [`${at}: External $ref is not supported`] : []),
  ]);
}

/** The members of a made-up tool that its model hears nothing of, neither in the schema nor in words. */
export function lostMembers(name: unknown, schema: unknown, description: unknown): readonly string[] {
  const written = objectIn(objectIn(schema)['properties']);
  return membersOfOdd(name)
    .filter((member) => !Object.hasOwn(written, member))
    .filter((member) => !String(description).includes(`the member ${JSON.stringify(member)}`))
    .map((member) => `${String(name)}: the member ${JSON.stringify(member)} is lost`);
}
