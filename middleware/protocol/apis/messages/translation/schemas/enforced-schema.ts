import { isJsonObject, type JsonObject } from '../../../../../kernel/json-object.ts';
import { isText, objectAt } from '../../../common/read-event.ts';

interface EnforcedSchema {
  /** `undefined` where Anthropic has no form for it. */
  readonly schema: JsonObject | undefined;
  /** Whether it says all that was asked for. */
  readonly isWhole: boolean;
}

/**
 * A schema as Anthropic enforces it: without the keywords that it refuses, and with objects that have no members of
 * other names. Source: Anthropic API, "Structured outputs", "JSON Schema limitations".
 */
export function enforcedSchema(schema: JsonObject): EnforcedSchema {
  if (isRecursive(schema)) return { schema: undefined, isWhole: false };
  const narrowing = new Narrowing();
  const narrowed = narrowing.of(schema);
  return narrowing.isPossible
    ? { schema: narrowed, isWhole: narrowing.isWhole }
    : { schema: undefined, isWhole: false };
}

const plain: ReadonlySet<string> = new Set([
  ...['type', 'const', 'default', 'title', 'description', 'required', '$ref'],
]);
/** They say nothing of what is valid. */
const notes: ReadonlySet<string> = new Set(['$schema', '$id', '$comment', 'examples', 'deprecated']);
const named: ReadonlySet<string> = new Set(['properties', '$defs', 'definitions']);
const formats: ReadonlySet<unknown> = new Set([
  ...['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'uri', 'ipv4', 'ipv6', 'uuid'],
]);
/** What looks around, refers back, ends at words, or counts. */
const refusedInPattern = /\(\?(?!:)|\\[1-9bBk]|\{\d/;

class Narrowing {
  isWhole = true;
  isPossible = true;

  of(schema: JsonObject): JsonObject {
    const isObject = [schema['type']].flat().includes('object') || 'properties' in schema;
    // Parts that all hold would each forbid the members of the others.
    if ('allOf' in schema || (isObject && hasAnyNames(schema))) this.isPossible = false;
    const members = Object.entries(schema).flatMap(([key, value]) => this.#member(key, value));
    return { ...Object.fromEntries(members), ...(isObject ? { additionalProperties: false } : {}) };
  }

  #member(key: string, value: unknown): readonly (readonly [string, unknown])[] {
    if (notes.has(key) || key === 'additionalProperties') return [];
    if (named.has(key) && isJsonObject(value)) {
      const members = Object.entries(value).map(([name, inner]) => [name, this.#inner(inner)] as const);
      return [[key, Object.fromEntries(members)]];
    }
    if (key === 'items') return [[key, this.#inner(value)]];
    if (key === 'oneOf' || key === 'anyOf') return [['anyOf', this.#choices(value)]];
    if (plain.has(key) || isTaken(key, value)) return [[key, value]];
    this.isWhole = false;
    return [];
  }

  #choices(value: unknown): readonly JsonObject[] {
    return (Array.isArray(value) ? (value as unknown[]) : [value]).map((choice) => this.#inner(choice));
  }

  #inner(value: unknown): JsonObject {
    if (isJsonObject(value)) return this.of(value);
    this.isPossible = false;
    return {};
  }
}

/** Whether members of names that it does not list are what an object is for. */
function hasAnyNames(schema: JsonObject): boolean {
  const { additionalProperties: others } = schema;
  if (isJsonObject(others) || 'patternProperties' in schema) return true;
  return others !== false && Object.keys(objectAt(schema, 'properties')).length === 0;
}

function isTaken(key: string, value: unknown): boolean {
  if (key === 'enum')
    return Array.isArray(value) && value.every((choice) => typeof choice !== 'object' || choice === null);
  if (key === 'minItems') return value === 0 || value === 1;
  if (key === 'format') return formats.has(value);
  return key === 'pattern' && isText(value) && !refusedInPattern.test(value);
}

const reference = /"\$ref":"((?:[^"\\]|\\.)*)"/g;

const definition = /^#\/(?:\$defs|definitions)\/[^/]+$/;

/** Whether a definition comes back to itself; so does the whole, and what stands elsewhere cannot be known. */
function isRecursive(schema: JsonObject): boolean {
  const referring = referencesOf(schema);
  const definitions = [...referring.keys()].filter((at) => definition.test(at));
  const users = new Map(definitions.map((at): [string, string[]] => [at, []]));
  const unknown = new Map<string, number>();
  for (const [at, references] of referring) {
    const open = references.filter((to) => !definition.test(to) || users.has(to));
    for (const to of open) users.get(to)?.push(at);
    unknown.set(at, open.length);
  }
  // It grows while it is gone through, so that each reference is looked at once.
  const known = [...referring.keys()].filter((at) => unknown.get(at) === 0);
  for (const at of known)
    for (const user of users.get(at) ?? []) {
      const left = (unknown.get(user) ?? 0) - 1;
      unknown.set(user, left);
      if (left === 0) known.push(user);
    }
  return known.length < referring.size;
}

/** What each definition refers to, and the whole (`#`). */
function referencesOf({ $defs, definitions, ...root }: JsonObject): ReadonlyMap<string, readonly string[]> {
  const found = new Map([['#', referencesIn(root)]]);
  for (const [key, group] of Object.entries({ $defs, definitions }))
    for (const [name, inner] of Object.entries(isJsonObject(group) ? group : {}))
      found.set(`#/${key}/${name}`, referencesIn(inner));
  return found;
}

function referencesIn(schema: unknown): readonly string[] {
  return [...JSON.stringify(schema).matchAll(reference)].map(([, to = '']) => to);
}
