import { isSpecType } from '@modelcontextprotocol/client';
import { countValues, hasMoreValues } from '../../../kernel/bounds/has-more-values.ts';
import { isWithinDepth } from '../../../kernel/bounds/is-within-depth.ts';
import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import { maxItemDepth, maxListItems } from '../list-bounds.ts';
import { partsNote } from '../tool-outcome.ts';

/** Blocks of a result, messages of a prompt. */
const maxParts = 1_000;
/** Contents of one resource, which nobody cuts. */
const maxContents = 1_000;
/** As the protocol has it. */
const maxCompletions = 100;
/** Of a structured result, and of the rest of any result. */
const maxResultValues = 20_000;
/** Of a structured result. */
export const maxResultDepth = 90;
/** Of a list: the values of one entry, and those of all together. */
const maxItemValues = 10_000;
const maxListValues = 50_000;
/** Questions in place of a result, and the values of one, which is about a form or a few messages. */
const maxQuestions = 20;
export const maxAsked = 2_000;
/** Of a form: of one that is wrong the SDK tells what is wrong in each. */
const maxFields = 100;
export const manyFields = `a form of more than ${maxFields} fields`;
/** So few are wrong at little cost. */
const fewItems = 50;

/** How the entries of each list, and the parts of what else has many, look when they are right. */
const isRight: Readonly<Record<string, (value: unknown) => boolean>> = {
  tools: isSpecType.Tool,
  prompts: isSpecType.Prompt,
  resources: isSpecType.Resource,
  resourceTemplates: isSpecType.ResourceTemplate,
  content: isSpecType.ContentBlock,
  messages: isSpecType.PromptMessage,
};
const lists = ['tools', 'prompts', 'resources', 'resourceTemplates'] as const;

/** Hears that a list has more in it than is used. */
type OnCut = (list: string) => void;

/** A result, or why nobody gets it: what it has too much of. */
export type BoundedResult =
  { readonly kind: 'good'; readonly result: JsonObject } | { readonly kind: 'fault'; readonly fault: string };

/**
 * A result with no more parts than can be looked at in a short time, whatever method it is of: what is checked, cleaned and passed on takes
 * time for each of them, however small they are. What can be cut is cut, and says so.
 */
export function boundedParts(result: JsonObject, onCut: OnCut): BoundedResult {
  const fault = faultIn(result);
  if (fault !== undefined) return { kind: 'fault', fault };
  const made: Record<string, unknown> = { ...result };
  for (const list of lists)
    if (Array.isArray(made[list]))
      made[list] = rightOnly(
        list,
        itemsWithin(made[list], () => {
          onCut(list);
        }),
      );
  cutParts(made);
  cutStructured(made);
  cutCompletions(made);
  const rest = Object.fromEntries(Object.entries(made).filter(([name]) => !isBounded(name)));
  if (hasMoreValues(rest, maxResultValues))
    return { kind: 'fault', fault: `more than ${maxResultValues} values` };
  return {
    kind: 'good',
    result: Object.keys(made).every((name) => made[name] === result[name]) ? result : made,
  };
}

/** Of these the values are counted elsewhere. */
function isBounded(name: string): boolean {
  return name === 'structuredContent' || lists.some((list) => list === name);
}

function faultIn({ contents, inputRequests }: JsonObject): string | undefined {
  if (Array.isArray(contents) && contents.length > maxContents) return `more than ${maxContents} contents`;
  if (!isJsonObject(inputRequests)) return undefined;
  const questions = Object.values(inputRequests);
  if (questions.length > maxQuestions) return `more than ${maxQuestions} questions`;
  if (questions.some((question) => hasMoreValues(question, maxAsked)))
    return `a question of more than ${maxAsked} values`;
  return questions.some((question) => isJsonObject(question) && hasManyFields(question['params']))
    ? manyFields
    : undefined;
}

/** Whether what a server asks by is a form with more fields than anybody fills in. */
export function hasManyFields(params: unknown): boolean {
  const schema = isJsonObject(params) ? params['requestedSchema'] : undefined;
  const properties = isJsonObject(schema) ? schema['properties'] : undefined;
  return isJsonObject(properties) && Object.keys(properties).length > maxFields;
}

function itemsWithin(items: readonly unknown[], onCut: () => void): readonly unknown[] {
  let values = 0;
  const kept: unknown[] = [];
  for (const item of items.slice(0, maxListItems)) {
    const count = countValues(item, maxItemValues);
    if (count > maxItemValues || !isWithinDepth(item, maxItemDepth)) continue;
    values += count;
    if (values > maxListValues) break;
    kept.push(item);
  }
  if (kept.length === items.length) return items;
  onCut();
  return kept;
}

/** Of many, the first one that is wrong stands for all: the SDK refuses it in a few words, and would say of each what is wrong. */
function rightOnly(name: string, items: readonly unknown[]): readonly unknown[] {
  const wrong = items.length > fewItems ? items.find((item) => isRight[name]?.(item) === false) : undefined;
  return wrong === undefined ? items : [wrong];
}

function cutParts(made: Record<string, unknown>): void {
  for (const [name, note] of Object.entries(notes)) {
    const parts = made[name];
    if (!Array.isArray(parts)) continue;
    const kept = rightOnly(name, parts.length > maxParts ? parts.slice(0, maxParts) : parts);
    made[name] = parts.length > maxParts && kept.length > 1 ? [...kept, note] : kept;
  }
}

const noteBlock = { type: 'text', text: partsNote(`more than ${maxParts} parts`) };
const notes: Readonly<Record<string, JsonObject>> = {
  content: noteBlock,
  messages: { role: 'user', content: noteBlock },
};

/** Half of it would be something else. */
function cutStructured(made: Record<string, unknown>): void {
  const fault = faultInStructured(made['structuredContent']);
  if (fault === undefined) return;
  const { content } = made;
  delete made['structuredContent'];
  made['isError'] = true;
  const note = { type: 'text', text: partsNote(fault) };
  made['content'] = [...(Array.isArray(content) ? (content as readonly unknown[]) : []), note];
}

function faultInStructured(value: unknown): string | undefined {
  if (hasMoreValues(value, maxResultValues)) return `more than ${maxResultValues} values`;
  return isWithinDepth(value, maxResultDepth) ? undefined : `more than ${maxResultDepth} levels of nesting`;
}

function cutCompletions(made: Record<string, unknown>): void {
  const { completion } = made;
  if (!isJsonObject(completion)) return;
  const { values } = completion;
  if (!Array.isArray(values) || values.length <= maxCompletions) return;
  made['completion'] = { ...completion, values: values.slice(0, maxCompletions), hasMore: true };
}
