import type { JsonObject } from '../../../kernel/json-object.ts';
import { visibleLine } from '../../../kernel/visible-text.ts';
import type { Choice, FieldKind, FieldValue, FormField } from './form-field.ts';

/** What a user's words come to as the content of a form, or what is wrong with them, a line for each. */
export type FormContent =
  | { readonly kind: 'content'; readonly content: Readonly<Record<string, FieldValue>> }
  | { readonly kind: 'wrong'; readonly problems: readonly string[] };

const maxAnswer = 20_000;
const maxName = 64;

/** Whether all that has to be filled in has a value of its own, so that a user may take these. */
export function hasAllDefaults(fields: readonly FormField[]): boolean {
  return fields.every(({ isRequired, byDefault }) => !isRequired || byDefault !== undefined);
}

/** Reads an answer: a line `field: value` for each field, or the value alone where there is only one. */
export function readForm(text: string, fields: readonly FormField[]): FormContent {
  if (text.length > maxAnswer) return wrong([`That is more than ${maxAnswer} characters.`]);
  const isTaken = text.trim().toLowerCase() === 'accept' && hasAllDefaults(fields);
  const written = isTaken ? new Map<FormField, string>() : writtenIn(text, fields);
  if (Array.isArray(written)) return wrong(written);
  const texts = written as ReadonlyMap<FormField, string>;
  return contentOf(fields, (field) => {
    const line = texts.get(field);
    return line === undefined || line === '' ? undefined : valueOf(line, field.kind);
  });
}

/** Checks values that a program gives by the rules for those that a user writes. */
export function checkContent(given: JsonObject, fields: readonly FormField[]): FormContent {
  const unknown = Object.keys(given).find((name) => !fields.some((field) => field.name === name));
  if (unknown !== undefined) return wrong([`There is no field ${visibleLine(unknown, maxName)}.`]);
  return contentOf(fields, ({ name, kind }) =>
    Object.hasOwn(given, name) ? checkedValue(given[name], kind) : undefined,
  );
}

function wrong(problems: readonly string[]): FormContent {
  return { kind: 'wrong', problems };
}

function writtenIn(
  text: string,
  fields: readonly FormField[],
): ReadonlyMap<FormField, string> | readonly string[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const named = lines.map((line) => fieldIn(line, fields));
  const [only, ...others] = fields;
  if (only !== undefined && others.length === 0 && named[0] === undefined)
    return new Map([[only, text.trim()]]);
  const written = new Map<FormField, string>();
  let last: FormField | undefined;
  for (const [at, line] of lines.entries()) {
    const found = named[at];
    if (found !== undefined) {
      last = found.field;
      written.set(last, found.value);
    } else if (last?.kind.kind === 'text') {
      if (others.length > 0 && unknownField.test(line))
        // Without what it says: that goes to the server alone, and our answers may reach a model.
        return [
          `Line ${lineNumber(line, text)} is for no field of it. Begin a line with a blank where it belongs to the text before it.`,
        ];
      // A text may have several lines.
      written.set(last, `${written.get(last) ?? ''}\n${line}`);
    } else {
      return ['Write a line `field: value` for each field.'];
    }
  }
  return written;
}

/** A line that begins as one for a field does: its name may be mistyped. */
const unknownField = /^`?[\w-]{1,64}`?:(?:\s|$)/;

function lineNumber(line: string, text: string): number {
  return text.split('\n').indexOf(line) + 1;
}

function fieldIn(
  line: string,
  fields: readonly FormField[],
): { readonly field: FormField; readonly value: string } | undefined {
  const colon = line.indexOf(':');
  const name = colon < 0 ? '' : line.slice(0, colon).replaceAll('`', '').trim().toLowerCase();
  const field =
    fields.find((one) => one.name.toLowerCase() === name) ??
    fields.find(({ title }) => title?.toLowerCase() === name);
  return field && { field, value: line.slice(colon + 1).trim() };
}

/** `valueIn`: what there is for a field, if anything. */
function contentOf(
  fields: readonly FormField[],
  valueIn: (field: FormField) => FieldValue | Problem | undefined,
): FormContent {
  const content: [string, FieldValue][] = [];
  const problems: string[] = [];
  for (const field of fields) {
    const value = valueIn(field);
    if (value === undefined) {
      if (field.byDefault !== undefined) content.push([field.name, field.byDefault]);
      else if (field.isRequired) problems.push(`${field.name} is missing.`);
      continue;
    }
    if (typeof value === 'object' && 'problem' in value) problems.push(`${field.name} ${value.problem}.`);
    else content.push([field.name, value]);
  }
  return problems.length > 0 ? wrong(problems) : { kind: 'content', content: Object.fromEntries(content) };
}

interface Problem {
  readonly problem: string;
}

function valueOf(text: string, field: FieldKind): FieldValue | Problem {
  switch (field.kind) {
    case 'text':
      return textOf(text, field);
    case 'number':
      return numberOf(text, field);
    case 'yes or no':
      return yesOrNo.get(text.toLowerCase()) ?? { problem: 'has to be yes or no' };
    case 'choice':
      return choiceOf(text, field.choices) ?? noChoice;
    case 'choices':
      return choicesOf(text, field);
  }
}

function checkedValue(value: unknown, field: FieldKind): FieldValue | Problem {
  switch (field.kind) {
    case 'text':
      return typeof value === 'string' ? textOf(value, field) : { problem: 'has to be a text' };
    case 'number':
      return numberWithin(typeof value === 'number' ? value : NaN, field);
    case 'yes or no':
      return typeof value === 'boolean' ? value : { problem: 'has to be true or false' };
    case 'choice':
      return field.choices.find((choice) => choice.value === value)?.value ?? noChoice;
    case 'choices': {
      const values = Array.isArray(value) ? (value as readonly unknown[]) : [undefined];
      return countedChoices(
        values.map((one) => field.choices.find((choice) => choice.value === one)?.value),
        field,
      );
    }
  }
}

const noChoice: Problem = { problem: 'has to be one of those that are named' };

const yesOrNo: ReadonlyMap<string, boolean> = new Map([
  ...['y', 'yes', 'true'].map((word) => [word, true] as const),
  ...['n', 'no', 'false'].map((word) => [word, false] as const),
]);

type KindOf<Kind extends FieldKind['kind']> = Extract<FieldKind, { readonly kind: Kind }>;

function textOf(text: string, { format, minLength, maxLength }: KindOf<'text'>): string | Problem {
  // As JSON Schema counts them.
  const { length } = Array.from(text);
  if (length < minLength) return { problem: `has to have at least ${minLength} characters` };
  if (length > maxLength) return { problem: `may have at most ${maxLength} characters` };
  return format !== undefined && formats.get(format)?.(text) === false
    ? { problem: `has to be ${formatNames.get(format) ?? format}` }
    : text;
}

const day = /^\d{4}-\d{2}-\d{2}$/;
const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i;

/** JavaScript takes the 31st of February for a day in March. */
function isDay(text: string): boolean {
  const date = new Date(day.test(text) ? text : NaN);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

const formats: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ['email', (text: string) => /^[^\s@]+@[^\s@]+$/.test(text)],
  ['uri', (text: string) => URL.canParse(text)],
  ['date', isDay],
  [
    'date-time',
    (text: string) => moment.test(text) && isDay(text.slice(0, 10)) && !Number.isNaN(Date.parse(text)),
  ],
]);

/** How a format is called for its user. */
export const formatNames: ReadonlyMap<string, string> = new Map([
  ['email', 'an e-mail address'],
  ['uri', 'a whole address, like https://example.com'],
  ['date', 'a day, like 2026-07-28'],
  ['date-time', 'a moment, like 2026-07-28T09:30:00Z'],
]);

function numberOf(text: string, field: KindOf<'number'>): number | Problem {
  return numberWithin(/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN, field);
}

function numberWithin(value: number, { isInteger, min, max }: KindOf<'number'>): number | Problem {
  if (!Number.isFinite(value) || (isInteger && !Number.isSafeInteger(value)))
    return { problem: isInteger ? 'has to be a whole number' : 'has to be a number' };
  if (value < min) return { problem: `has to be at least ${min}` };
  return value > max ? { problem: `may be at most ${max}` } : value;
}

function choiceOf(text: string, choices: readonly Choice[]): string | undefined {
  const wanted = text.toLowerCase();
  const found =
    choices.find(({ value }) => value === text) ??
    choices.find(({ value }) => value.toLowerCase() === wanted) ??
    choices.find(({ title }) => title?.toLowerCase() === wanted);
  return found?.value;
}

function choicesOf(text: string, field: KindOf<'choices'>): readonly string[] | Problem {
  const found = text.split(/[,\n]/).flatMap((one) => {
    const word = one.trim();
    return word === '' ? [] : [choiceOf(word, field.choices)];
  });
  return countedChoices(found, field);
}

function countedChoices(
  found: readonly (string | undefined)[],
  { minItems, maxItems }: KindOf<'choices'>,
): readonly string[] | Problem {
  if (found.some((value) => value === undefined))
    return { problem: 'has to be some of those that are named, with commas between them' };
  const values = [...new Set(found as readonly string[])];
  if (values.length < minItems) return { problem: `has to be at least ${minItems} of them` };
  return values.length > maxItems ? { problem: `may be at most ${maxItems} of them` } : values;
}
