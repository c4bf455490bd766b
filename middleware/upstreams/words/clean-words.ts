import { isJsonObject, parseJson, type JsonObject } from '../../kernel/json-object.ts';
import { tellsEnd } from '../../protocol/apis/model-words.ts';

/** Takes out of an upstream's words what they may not say. */
export type CleanWords = (text: string) => string;

/** No error is nested like this; what is would fill the stack. */
const maxDepth = 100;

/** A body, or the data of a frame: within JSON each text by itself, so that it stays JSON. The same text where nothing is to be taken out. */
export function cleanText(text: string, clean: CleanWords): string {
  const value = parseJson(text);
  const cleaned = value === undefined ? tooDeep : cleanedValue(value, clean, 0);
  if (cleaned === tooDeep) return clean(text);
  return cleaned === value ? text : JSON.stringify(cleaned);
}

/** An answer of a model, or an event of one: of it only what is said of its end, or beside a choice, is not the model's. The same text where nothing is to be taken out. */
export function cleanEnds(text: string, clean: CleanWords): string {
  const value = parseJson(text);
  const cleaned = cleanedValue(
    withCleanChoices(value, clean),
    (said, name, parent) => (tellsEnd(name, parent) ? clean(said) : said),
    0,
  );
  // What is nested too deep says nothing of an end.
  return cleaned === value || cleaned === tooDeep ? text : JSON.stringify(cleaned);
}

/** What a choice has of its model. */
const ofModel: ReadonlySet<string> = new Set(['message', 'delta', 'text', 'logprobs']);

/** An answer whose choices have nothing beside them that may not be said; the same value where there is nothing such. */
function withCleanChoices(value: unknown, clean: CleanWords): unknown {
  if (!isJsonObject(value) || !Array.isArray(value['choices'])) return value;
  const choices: readonly unknown[] = value['choices'];
  const cleaned = choices.map((choice) => (isJsonObject(choice) ? withCleanRest(choice, clean) : choice));
  return cleaned.every((choice, at) => choice === choices[at]) ? value : { ...value, choices: cleaned };
}

function withCleanRest(choice: JsonObject, clean: CleanWords): JsonObject {
  const rest = Object.fromEntries(Object.entries(choice).filter(([name]) => !ofModel.has(name)));
  const cleaned = cleanedValue(rest, clean, 0);
  if (cleaned === rest) return choice;
  const said = Object.fromEntries(Object.entries(choice).filter(([name]) => ofModel.has(name)));
  // What is nested too deep is left out.
  return isJsonObject(cleaned) ? { ...said, ...cleaned } : said;
}

/** In place of what is nested too deep. */
const tooDeep = Symbol('too deep');

/** `name`: of the member that a text is, `parent`: of that with its object in it; empty for a name itself, and within lists. */
type CleanNamed = (text: string, name: string, parent: string) => string;

function cleanedValue(value: unknown, clean: CleanNamed, depth: number, name = '', parent = ''): unknown {
  if (typeof value === 'string') return clean(value, name, parent);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > maxDepth) return tooDeep;
  if (isJsonObject(value)) return cleanedObject(value, clean, depth, name);
  const items = value as readonly unknown[];
  const cleaned = items.map((item) => cleanedValue(item, clean, depth + 1));
  if (cleaned.includes(tooDeep)) return tooDeep;
  return cleaned.every((item, index) => item === items[index]) ? value : cleaned;
}

function cleanedObject(value: JsonObject, clean: CleanNamed, depth: number, parent: string): unknown {
  const members = Object.entries(value);
  const cleaned = members.map(
    ([name, member]) => [clean(name, '', ''), cleanedValue(member, clean, depth + 1, name, parent)] as const,
  );
  if (cleaned.some(([, member]) => member === tooDeep)) return tooDeep;
  const isSame = cleaned.every(
    ([name, member], index) => name === members[index]?.[0] && member === members[index][1],
  );
  return isSame ? value : Object.fromEntries(cleaned);
}
