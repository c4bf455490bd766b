import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import { visibleLine } from '../../../kernel/visible-text.ts';

/** One thing that a server wants to know. */
export interface FormField {
  readonly name: string;
  /** As its server calls it besides, made safe to show. */
  readonly title: string | undefined;
  readonly description: string | undefined;
  readonly isRequired: boolean;
  readonly kind: FieldKind;
  readonly byDefault: FieldValue | undefined;
}

export type FieldValue = string | number | boolean | readonly string[];

export type FieldKind =
  | {
      readonly kind: 'text';
      readonly format: string | undefined;
      readonly minLength: number;
      readonly maxLength: number;
    }
  | { readonly kind: 'number'; readonly isInteger: boolean; readonly min: number; readonly max: number }
  | { readonly kind: 'yes or no' }
  | { readonly kind: 'choice'; readonly choices: readonly Choice[] }
  | {
      readonly kind: 'choices';
      readonly choices: readonly Choice[];
      readonly minItems: number;
      readonly maxItems: number;
    };

export interface Choice {
  readonly value: string;
  readonly title: string | undefined;
}

/** A form that can be shown, or why it cannot. */
export type FormReading =
  | { readonly kind: 'form'; readonly fields: readonly FormField[] }
  | { readonly kind: 'refused'; readonly fault: string };

const maxFields = 32;
const maxChoices = 64;
const maxText = 200;
/** What the user writes before the value, so that nothing may hide in it or look like words of ours. */
const plainName = /^[\p{L}\p{N}_][\p{L}\p{N}_.-]{0,63}$/u;

/** The fields of the schema that a server asks by: flat, of the kinds that the protocol knows. */
export function formFields(schema: unknown): FormReading {
  const { properties, required } = isJsonObject(schema) ? schema : {};
  if (!isJsonObject(properties)) return refused('its form has no fields');
  const entries = Object.entries(properties);
  if (entries.length > maxFields) return refused(`its form has more than ${maxFields} fields`);
  const names = Array.isArray(required) ? required : [];
  const fields: FormField[] = [];
  for (const [name, value] of entries) {
    if (!plainName.test(name)) return refused('its form has a field whose name is no plain word');
    const kind = isJsonObject(value) ? kindOf(value) : undefined;
    if (kind === undefined || !isJsonObject(value))
      return refused(`its field "${name}" is no text, number, yes or no, or choice of some`);
    fields.push({
      ...{ name, kind, isRequired: names.includes(name) },
      title: shown(value['title'], maxText),
      description: shown(value['description'], maxText),
      byDefault: defaultOf(value['default'], kind),
    });
  }
  return { kind: 'form', fields };
}

function refused(fault: string): FormReading {
  return { kind: 'refused', fault };
}

function kindOf(schema: JsonObject): FieldKind | undefined {
  switch (schema['type']) {
    case 'string': {
      const isChoice = ['enum', 'oneOf'].some((member) => schema[member] !== undefined);
      if (!isChoice) return textKind(schema);
      const choices = choicesOf(schema['enum'], schema['oneOf'], schema['enumNames']);
      return choices && { kind: 'choice', choices };
    }
    case 'number':
    case 'integer':
      return {
        ...{ kind: 'number', isInteger: schema['type'] === 'integer' },
        min: numberIn(schema['minimum'], -Infinity),
        max: numberIn(schema['maximum'], Infinity),
      };
    case 'boolean':
      return { kind: 'yes or no' };
    case 'array': {
      const items = isJsonObject(schema['items']) ? schema['items'] : {};
      const choices = choicesOf(items['enum'], items['anyOf'] ?? items['oneOf'], undefined);
      if (choices === undefined) return undefined;
      const minItems = numberIn(schema['minItems'], 0);
      return { kind: 'choices', choices, minItems, maxItems: numberIn(schema['maxItems'], Infinity) };
    }
    default:
      return undefined;
  }
}

function textKind({ format, minLength, maxLength }: JsonObject): FieldKind {
  return {
    kind: 'text',
    format: typeof format === 'string' ? format : undefined,
    minLength: numberIn(minLength, 0),
    maxLength: numberIn(maxLength, Infinity),
  };
}

/** Two that look alike in a line could not be told apart by the user. */
function choicesOf(values: unknown, titled: unknown, names: unknown): readonly Choice[] | undefined {
  const found = Array.isArray(values) ? untitled(values, names) : titledIn(titled);
  if (found === undefined || found.length === 0 || found.length > maxChoices) return undefined;
  return found.every(({ value }) => value !== '' && visibleLine(value, maxText) === value)
    ? found
    : undefined;
}

function untitled(values: readonly unknown[], names: unknown): readonly Choice[] | undefined {
  const titles = Array.isArray(names) ? names : [];
  const found = values.flatMap((value, at) =>
    typeof value === 'string' ? [{ value, title: shown(titles[at], maxText) }] : [],
  );
  return found.length === values.length ? found : undefined;
}

function titledIn(titled: unknown): readonly Choice[] | undefined {
  if (!Array.isArray(titled)) return undefined;
  const found = titled.flatMap((one) =>
    isJsonObject(one) && typeof one['const'] === 'string'
      ? [{ value: one['const'], title: shown(one['title'], maxText) }]
      : [],
  );
  return found.length === titled.length ? found : undefined;
}

function shown(text: unknown, maxLength: number): string | undefined {
  const line = typeof text === 'string' ? visibleLine(text, maxLength) : '';
  return line === '' ? undefined : line;
}

function numberIn(value: unknown, otherwise: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
}

/** `undefined` for one that does not fit: nobody has to take what is no answer. */
function defaultOf(value: unknown, { kind, ...more }: FieldKind): FieldValue | undefined {
  const choices = 'choices' in more ? more.choices.map((choice) => choice.value) : [];
  switch (kind) {
    case 'text':
      return typeof value === 'string' ? value : undefined;
    case 'number':
      return typeof value === 'number' ? value : undefined;
    case 'yes or no':
      return typeof value === 'boolean' ? value : undefined;
    case 'choice':
      return choices.find((choice) => choice === value);
    case 'choices': {
      if (!Array.isArray(value)) return undefined;
      const known = value.filter((one): one is string => choices.includes(one as string));
      return known.length === value.length ? known : undefined;
    }
  }
}
