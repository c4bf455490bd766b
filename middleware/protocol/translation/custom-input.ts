import { isJsonObject, parseJson } from '../../kernel/json-object.ts';

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
  return JSON.stringify({ [customInputKey]: text });
}

const begin = new RegExp(`^\\s*\\{\\s*"${customInputKey}"\\s*:\\s*"`);
/** As long as the beginning may become with white space in it; more is another shape. */
const maxBegin = 64;

/**
 * Takes the text out of such arguments while they come in, so that a long patch can be shown as it is written. What
 * has another shape comes at the end: the only text in it, or all of it as it is.
 */
export class CustomInput {
  #seen = '';
  /** Where in `#seen` the text goes on; `undefined` before its begin was seen. */
  #at: number | undefined;
  #isOther = false;
  #isDone = false;
  #given = '';

  /** The next piece of the text, which may be empty. */
  add(delta: string): string {
    this.#seen += delta;
    if (this.#isOther || this.#isDone) return '';
    if (this.#at === undefined) {
      const found = begin.exec(this.#seen);
      if (found === null) {
        this.#isOther = this.#seen.length > maxBegin;
        return '';
      }
      this.#at = found[0].length;
    }
    return this.#give(this.#next());
  }

  /** The rest, once all of the arguments are there. */
  end(): string {
    const text = wholeText(this.#seen);
    // What was given already cannot be taken back; the rest is what the whole has behind it.
    return text.startsWith(this.#given) ? text.slice(this.#given.length) : '';
  }

  #give(text: string): string {
    this.#given += text;
    return text;
  }

  /** Decodes up to the closing quote, or to an escape that is not whole yet. */
  #next(): string {
    const from = this.#at ?? 0;
    let at = from;
    while (at < this.#seen.length) {
      const sign = this.#seen[at];
      if (sign === '"') {
        this.#isDone = true;
        break;
      }
      const length = sign === '\\' ? escapeLength(this.#seen, at) : 1;
      if (length === undefined) break;
      at += length;
    }
    const raw = this.#seen.slice(from, at);
    this.#at = at;
    const value = parseJson(`"${raw}"`);
    if (typeof value === 'string') return value;
    this.#isOther = true;
    return '';
  }
}

/** `undefined` for an escape whose end has not come; both halves of a letter beyond the first plane are one. */
function escapeLength(text: string, at: number): number | undefined {
  if (at + 1 >= text.length) return undefined;
  if (text[at + 1] !== 'u') return 2;
  if (at + 6 > text.length) return undefined;
  const isHigh = /^d[89ab]/i.test(text.slice(at + 2, at + 6));
  if (!isHigh) return 6;
  if (at + 12 <= text.length) return text.startsWith('\\u', at + 6) ? 12 : 6;
  const rest = text.slice(at + 6);
  return '\\u'.startsWith(rest.slice(0, 2)) ? undefined : 6;
}

/** The text of whole arguments. Models leave the object out at times, or name its member otherwise. */
function wholeText(args: string): string {
  const value = parseJson(args);
  if (typeof value === 'string') return value;
  if (!isJsonObject(value)) return args;
  const named = value[customInputKey];
  if (typeof named === 'string') return named;
  const texts = Object.values(value).filter((member) => typeof member === 'string');
  return texts.length === 1 && Object.keys(value).length === 1 ? (texts[0] ?? '') : args;
}
