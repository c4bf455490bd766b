/** A place in a text, both counted from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

export interface JsonFault extends TextPlace {
  readonly reason: string;
}

/** Deeper nesting is refused, so that whatever walks a configuration may do so recursively. */
export const maxJsonDepth = 64;

/**
 * The first place at which a text is not JSON, and why; `undefined` when it is JSON and not nested too deeply.
 * JSON.parse tells the place only of some faults, and quotes the text, which may hold secrets.
 */
export function jsonFault(text: string): JsonFault | undefined {
  try {
    new JsonWalk(text).run();
    return undefined;
  } catch (error) {
    if (!(error instanceof FaultAt)) throw error;
    return { ...placeOf(text, error.offset), reason: error.message };
  }
}

/** Where the value stands that a path of names and indexes leads to; `undefined` when none does. The text must be JSON. */
export function jsonPlace(text: string, path: readonly (string | number)[]): TextPlace | undefined {
  let found: number | undefined;
  new JsonWalk(text, (at, offset) => {
    if (at.length === path.length && at.every((step, index) => step === path[index])) found = offset;
  }).run();
  return found === undefined ? undefined : placeOf(text, found);
}

function placeOf(text: string, offset: number): TextPlace {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

class FaultAt extends Error {
  readonly offset: number;

  constructor(offset: number, reason: string) {
    super(reason);
    this.offset = offset;
  }
}

type Visit = (path: readonly (string | number)[], offset: number) => void;

const space = /[ \t\r\n]*/y;
const scalar = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;
// eslint-disable-next-line no-control-regex -- JSON forbids them inside strings.
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;

/** Reads past a JSON text by RFC 8259's grammar and tells where each value begins. */
class JsonWalk {
  readonly #text: string;
  readonly #visit: Visit;
  readonly #path: (string | number)[] = [];
  #at = 0;

  constructor(text: string, visit: Visit = () => undefined) {
    this.#text = text;
    this.#visit = visit;
  }

  run(): void {
    this.#skip(space);
    this.#readValue();
    this.#skip(space);
    if (this.#at < this.#text.length)
      throw this.#unexpected('only white space may follow the end of the value');
  }

  #readValue(): void {
    this.#visit(this.#path, this.#at);
    const first = this.#text[this.#at];
    if (first === '{') this.#readAll('}', this.#readMember);
    else if (first === '[') this.#readAll(']', this.#readBelow);
    else if (first === '"') this.#readString();
    else if (!this.#skip(scalar)) throw this.#unexpected('a value is expected');
  }

  #readAll(close: '}' | ']', read: (this: this, index: number) => void): void {
    if (this.#path.length >= maxJsonDepth)
      throw new FaultAt(this.#at, `is nested deeper than ${maxJsonDepth} levels`);
    this.#at += 1;
    this.#skip(space);
    for (let index = 0; this.#text[this.#at] !== close; index++) {
      read.call(this, index);
      this.#skip(space);
      if (this.#text[this.#at] === close) break;
      if (this.#text[this.#at] !== ',') throw this.#unexpected(`"," or "${close}" is expected`);
      this.#at += 1;
      this.#skip(space);
      if (this.#text[this.#at] === close) throw this.#unexpected(`no comma may stand before "${close}"`);
    }
    this.#at += 1;
  }

  #readMember(): void {
    const start = this.#at;
    if (this.#text[start] !== '"') throw this.#unexpected('a name in double quotes is expected');
    this.#readString();
    const name = JSON.parse(this.#text.slice(start, this.#at)) as string;
    this.#skip(space);
    if (this.#text[this.#at] !== ':') throw this.#unexpected('":" is expected');
    this.#at += 1;
    this.#skip(space);
    this.#readBelow(name);
  }

  #readBelow(step: string | number): void {
    this.#path.push(step);
    this.#readValue();
    this.#path.pop();
  }

  #readString(): void {
    if (this.#skip(string)) return;
    throw new FaultAt(
      this.#at,
      'is not JSON: a text is not closed, or has a line break or an unknown escape in it',
    );
  }

  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const found = pattern.test(this.#text);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }

  #unexpected(wanted: string): FaultAt {
    const rest = this.#text.slice(this.#at, this.#at + 2);
    if (rest === '') return new FaultAt(this.#at, 'is not JSON: it ends too early');
    if (rest === '//' || rest === '/*') return new FaultAt(this.#at, 'is not JSON: comments are not allowed');
    return new FaultAt(this.#at, `is not JSON: ${wanted}`);
  }
}
