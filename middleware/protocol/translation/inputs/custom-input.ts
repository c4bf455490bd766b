import { isTextWithinDepth } from '../../../kernel/bounds/is-text-within-depth.ts';
import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import { parseExact } from '../../json/exact-numbers.ts';
import { maxInputDepth } from './input-depth.ts';
import { parseLenientJson } from './lenient-json.ts';

/** The one member of the arguments in which a text goes to a tool, where a provider knows functions alone. */
export const customInputKey = 'input';

/** A tool with a text as its input, as a function. */
export const customParameters = {
  type: 'object',
  properties: { [customInputKey]: { type: 'string', description: 'The whole input of the tool, as it is.' } },
  required: [customInputKey],
} as const;

/** The text as such arguments. */
export function wrapCustomInput(text: string): string {
  return JSON.stringify({ [customInputKey]: text.toWellFormed() });
}

/**
 * The object that the arguments of a call are. White space alone stands for none, as some write them; what a model wrote that
 * is no object, or that nobody could read, is kept as a text in one.
 */
export function inputObject(args: string): JsonObject {
  const value = args.trim() === '' ? {} : exactValue(args);
  return isJsonObject(value) && isTextWithinDepth(args, maxInputDepth) ? value : { [customInputKey]: args };
}

/** With the numbers as the model wrote them. */
function exactValue(args: string): unknown {
  try {
    return parseExact(args);
  } catch {
    return parseLenientJson(args);
  }
}

const begin = new RegExp(`^\\s*\\{\\s*"${customInputKey}"\\s*:\\s*"`);
/** As long as the beginning may become with white space in it; more is another shape. */
const maxBegin = 64;

/**
 * Takes the text out of such arguments while they come in, so that a long patch can be shown as it is written. What
 * has another shape comes at the end: the only text in it, or all of it as it is.
 */
export class CustomInput {
  /** What is not decoded yet: the begin, or an escape that is not whole. */
  #rest = '';
  #isBegun = false;
  #isOther = false;
  #isDone = false;
  readonly #given: string[] = [];

  /** The next piece of the text, which may be empty. */
  add(delta: string): string {
    if (this.#isOther || this.#isDone) return '';
    this.#rest += delta;
    if (!this.#isBegun) {
      const found = begin.exec(this.#rest);
      if (found === null) {
        this.#isOther = this.#rest.length > maxBegin;
        return '';
      }
      this.#isBegun = true;
      this.#rest = this.#rest.slice(found[0].length);
    }
    const text = this.#next();
    this.#given.push(text);
    return text;
  }

  /**
   * The rest, once all of the arguments are there; `value`: what they are as JSON, if they are. `undefined` where it cannot
   * follow what was given already.
   */
  end(args: string, value: unknown): string | undefined {
    const given = this.#given.join('');
    const text = wholeText(args, value);
    return text.startsWith(given) ? text.slice(given.length) : undefined;
  }

  /** Decodes up to the closing quote, or to an escape that is not whole yet. */
  #next(): string {
    const text = this.#rest;
    let at = 0;
    while (at < text.length && text[at] !== '"') {
      const length = text[at] === '\\' ? escapeLength(text, at) : 1;
      if (length === undefined) break;
      at += length;
    }
    this.#isDone = text[at] === '"';
    this.#rest = text.slice(at);
    const value = parseLenientJson(`"${text.slice(0, at)}"`);
    return typeof value === 'string' ? value : '';
  }
}

/** `undefined` for an escape whose end has not come; both halves of a letter beyond the first plane are one. */
function escapeLength(text: string, at: number): number | undefined {
  if (at + 1 >= text.length) return undefined;
  if (text[at + 1] !== 'u') return 2;
  if (!/^[\da-f]*$/i.test(text.slice(at + 2, at + 6))) return 2;
  if (at + 6 > text.length) return undefined;
  const isHigh = /^d[89ab]/i.test(text.slice(at + 2, at + 6));
  if (!isHigh) return 6;
  if (at + 12 <= text.length) return /^\\u[\da-fA-F]{4}$/.test(text.slice(at + 6, at + 12)) ? 12 : 6;
  const rest = text.slice(at + 6);
  return '\\u'.startsWith(rest.slice(0, 2)) ? undefined : 6;
}

/** The text of whole arguments. Models leave the object out at times, or name its member otherwise. */
function wholeText(args: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (!isJsonObject(value)) return args;
  const named = value[customInputKey];
  if (typeof named === 'string') return named;
  const texts = Object.values(value).filter((member) => typeof member === 'string');
  return texts.length === 1 && Object.keys(value).length === 1 ? (texts[0] ?? '') : args;
}
