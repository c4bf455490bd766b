import { wrongMember } from '../../../kernel/errors.ts';
import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';

/** What an option of a request may be, where it is given. */
export interface OptionRule {
  /** The names that lead to it from the top of the request. */
  readonly at: readonly string[];
  readonly isTaken: (value: unknown) => boolean;
  /** What it has to be, as the end of a sentence. */
  readonly words: string;
}

export function flag(...at: readonly string[]): OptionRule {
  return { at, isTaken: (value) => typeof value === 'boolean', words: 'has to be true or false' };
}

export function anyWholeNumber(...at: readonly string[]): OptionRule {
  return { at, isTaken: Number.isSafeInteger, words: 'has to be a whole number' };
}

export function numberFrom(
  [least, most]: readonly [least: number, most: number],
  ...at: readonly string[]
): OptionRule {
  return {
    at,
    isTaken: (value) => typeof value === 'number' && value >= least && value <= most,
    words: `has to be a number from ${least} to ${most}`,
  };
}

/** How much likelier each token is to be. */
export function tokenBias(...at: readonly string[]): OptionRule {
  return {
    at,
    isTaken: (value) => isJsonObject(value) && Object.values(value).every(isBias),
    words: 'has to be an object of numbers from -100 to 100',
  };
}

function isBias(value: unknown): boolean {
  return typeof value === 'number' && Math.abs(value) <= 100;
}

/** A count of something, from `least` on. */
export function wholeNumber(least: number, ...at: readonly string[]): OptionRule {
  return {
    at,
    isTaken: (value) => Number.isSafeInteger(value) && Number(value) >= least,
    words: `has to be a whole number, ${least} or more`,
  };
}

export function textOption(...at: readonly string[]): OptionRule {
  return { at, isTaken: (value) => typeof value === 'string', words: 'has to be a text' };
}

export function texts(...at: readonly string[]): OptionRule {
  return { at, isTaken: areTexts, words: 'has to be a list of texts' };
}

/** Of OpenAI, which takes a list of four at most. */
export function stopTexts(...at: readonly string[]): OptionRule {
  return {
    at,
    isTaken: (value) => typeof value === 'string' || (areTexts(value) && value.length <= 4),
    words: 'has to be a text or a list of texts, four at most',
  };
}

/** The form of an answer by a JSON schema, which stands at `schemaAt` within it. */
export function formWithSchema(schemaAt: readonly string[], ...at: readonly string[]): OptionRule {
  return {
    at,
    isTaken: (value) =>
      !isJsonObject(value) || value['type'] !== 'json_schema' || isJsonObject(valueAt(value, schemaAt)),
    words: `has to have the schema of the answer in \`${[...at, ...schemaAt].join('.')}\``,
  };
}

function areTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

export function object(...at: readonly string[]): OptionRule {
  return { at, isTaken: isJsonObject, words: 'has to be an object' };
}

export function oneOf(values: readonly string[], ...at: readonly string[]): OptionRule {
  return {
    at,
    isTaken: (value) => typeof value === 'string' && values.includes(value),
    words: `has to be one of ${values.join(', ')}`,
  };
}

/** A word of a list, or an object that says more. */
export function wordOrObject(words: readonly string[], ...at: readonly string[]): OptionRule {
  const named = oneOf(words, ...at);
  return {
    at,
    isTaken: (value) => isJsonObject(value) || named.isTaken(value),
    words: `${named.words}, or an object`,
  };
}

/** How much of a value is quoted. */
const maxQuoted = 100;

/** Throws a CodexPlusError for the first option that is not as its rule says; what is left out or `null` is fine. */
export function refuseOddOptions(body: JsonObject, rules: readonly OptionRule[]): void {
  for (const { at, isTaken, words } of rules) {
    const value = valueAt(body, at);
    if (value === undefined || value === null || isTaken(value)) continue;
    const quoted = JSON.stringify(value).slice(0, maxQuoted);
    throw wrongMember(at.join('.'), `\`${at.join('.')}\` is ${quoted} and ${words}`);
  }
}

function valueAt(body: JsonObject, at: readonly string[]): unknown {
  let value: unknown = body;
  for (const name of at) value = isJsonObject(value) ? value[name] : undefined;
  return value;
}
