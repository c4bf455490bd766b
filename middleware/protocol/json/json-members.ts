import { remembered } from '../../kernel/bounds/remembered.ts';
import {
  backslash,
  closeBrace,
  closeBracket,
  colon,
  comma,
  openBrace,
  openBracket,
  quote,
} from './json-signs.ts';

/** A member of the top-level object, by byte offsets into the JSON text. */
export interface JsonMember {
  readonly key: string;
  /** Offset of the key's opening quote. */
  readonly start: number;
  readonly valueStart: number;
  /** Offset after the value's last byte. */
  readonly valueEnd: number;
}

const space = 0x20;

/** Bytes of a string that are looked at one by one before the native search takes over; most strings end within. */
const shortString = 48;

/** What a scan found. */
interface Scanned {
  readonly members: JsonMember[];
  /** Of the lists that are members, by where they begin: as far as a scan could tell them. */
  readonly elements: Map<number, readonly JsonSpan[]>;
  /** The signs and digits of ASCII, a bit for each, with which strings begin that are a member's value at whatever depth. */
  beginnings: number;
}

/** Deeper nested values are refused: LiteLLM's parser stops at 1024, and writing one again would fill the stack. */
const maxDepth = 1000;

/** The first of the 32 signs and digits, the space. */
const firstSign = 0x20;
const backquote = 0x60;
/** The bit of `;`, which nobody asks for. */
const oddBeginning = 1 << (0x3b - firstSign);

/** Made without a scan, from what was found in the text that they were made of. */
const derived = new WeakMap<Buffer, Scanned>();
/** What was found, as long as its buffer is there: the reader, stages and the upstream ask for the same body. */
const scannedOf = remembered((json: Buffer) => derived.get(json) ?? scan(json));

/**
 * The members of a JSON object's top level, in order, repeats included. Reads past what is nested without building it,
 * so that the cost is a scan and not a parse. Nested values are only checked for balanced brackets and closed strings.
 * A buffer is scanned once: its bytes must not change afterwards.
 * Throws a SyntaxError that says what is wrong and at which byte.
 */
export function topLevelMembers(json: Buffer): readonly JsonMember[] {
  return scannedOf(json).members;
}

/** The last member of a name at the top level: where there are several, it is the one that counts. */
export function lastMember(json: Buffer, key: string): JsonMember | undefined {
  return topLevelMembers(json).findLast((found) => found.key === key);
}

/**
 * Whether a string that is a member's value, at whatever depth, begins with a sign, or with a space and then it.
 * The sign is one of ASCII below `@`. Throws as above.
 */
export function hasTextBeginningWith(json: Buffer, sign: string): boolean {
  return (scannedOf(json).beginnings & (1 << (sign.charCodeAt(0) - firstSign))) !== 0;
}

/** The same for an escape, such as a line end, a backquote, or what is not ASCII; also where one begins with `;`. */
export function hasTextBeginningOddly(json: Buffer): boolean {
  return (scannedOf(json).beginnings & oddBeginning) !== 0;
}

/** A value by its byte offsets. */
export interface JsonSpan {
  readonly start: number;
  /** Offset after the last byte. */
  readonly end: number;
}

/**
 * The elements of an array that is a member's value, in order; `undefined` when the value is no array. The scan has found them where
 * they are objects. Throws as above.
 */
export function arrayElements(json: Buffer, { valueStart }: JsonMember): readonly JsonSpan[] | undefined {
  if (json[valueStart] !== openBracket) return undefined;
  const known = scannedOf(json).elements;
  const elements = known.get(valueStart) ?? readElements(json, valueStart);
  known.set(valueStart, elements);
  return elements;
}

function readElements(json: Buffer, valueStart: number): readonly JsonSpan[] {
  const elements: JsonSpan[] = [];
  let at = skipSpace(json, valueStart + 1);
  if (json[at] === closeBracket) return elements;
  for (;;) {
    const end = skipValue(json, at);
    elements.push({ start: at, end });
    at = skipSpace(json, end);
    if (json[at] === closeBracket) return elements;
    if (json[at] !== comma) throw unexpected(json, at, '"," or "]"');
    at = skipSpace(json, at + 1);
  }
}

/** The text with one member's value replaced; every other byte is kept. */
export function replaceValue(json: Buffer, member: JsonMember, value: string): Buffer {
  return Buffer.concat([
    json.subarray(0, member.valueStart),
    Buffer.from(value),
    json.subarray(member.valueEnd),
  ]);
}

/**
 * The text with elements, and the commas between, put into an array that is a member's value or within it. What is known of the text is
 * known of the new one as well: only what is new was looked through, and once where it is the same buffer each time.
 */
export function insertIntoArray(
  json: Buffer,
  { member, at }: { readonly member: JsonMember; readonly at: number },
  added: readonly Buffer[],
): Buffer {
  const whole = Buffer.concat([json.subarray(0, at), ...added, json.subarray(at)]);
  const length = whole.length - json.length;
  const { members, beginnings } = scannedOf(json);
  derived.set(whole, {
    elements: new Map(),
    members: members.map((one) => {
      if (one.start > at) return shifted(one, length);
      return one === member ? { ...one, valueEnd: one.valueEnd + length } : one;
    }),
    beginnings: added.reduce((found, part) => found | beginningsIn(part), beginnings),
  });
  return whole;
}

function shifted({ key, start, valueStart, valueEnd }: JsonMember, by: number): JsonMember {
  return { key, start: start + by, valueStart: valueStart + by, valueEnd: valueEnd + by };
}

/** Of elements of an array that is a member's value. Throws where they are nested deeper than a body may be. */
const beginningsIn = remembered((elements: Buffer): number => {
  const found = nothingFound();
  skipNested(Buffer.concat([Buffer.from('{"":['), elements, Buffer.from(']}')]), 0, found);
  return found.beginnings;
});

/**
 * The text with members of its top level replaced, or, where the new value is `undefined`, taken out with a comma;
 * every other byte is kept. In one pass: a body may hold as many of them as it has room for.
 */
export function replaceMembers(json: Buffer, changes: ReadonlyMap<JsonMember, string | undefined>): Buffer {
  const members = topLevelMembers(json);
  const parts: Buffer[] = [json.subarray(0, members[0]?.start)];
  let gap: Buffer | undefined;
  for (const [index, member] of members.entries()) {
    const value = changes.get(member);
    if (value === undefined && changes.has(member)) continue;
    if (gap !== undefined) parts.push(gap);
    parts.push(json.subarray(member.start, value === undefined ? member.valueEnd : member.valueStart));
    if (value !== undefined) parts.push(Buffer.from(value));
    // The comma behind a member that stays, whatever follows it now.
    gap = json.subarray(member.valueEnd, members[index + 1]?.start);
  }
  parts.push(json.subarray(members.at(-1)?.valueEnd ?? json.length));
  return Buffer.concat(parts);
}

function nothingFound(): Scanned {
  return { members: [], elements: new Map(), beginnings: 0 };
}

function scan(json: Buffer): Scanned {
  const found = nothingFound();
  let at = skipSpace(json, json[0] === 0xef && json[1] === 0xbb && json[2] === 0xbf ? 3 : 0);
  if (json[at] !== openBrace) throw unexpected(json, at, 'an object');
  at = skipSpace(json, at + 1);
  if (json[at] === closeBrace) return finish(json, at, found);
  for (;;) {
    const member = readMember(json, at, found);
    found.members.push(member);
    at = skipSpace(json, member.valueEnd);
    if (json[at] === closeBrace) return finish(json, at, found);
    if (json[at] !== comma) throw unexpected(json, at, '"," or "}"');
    at = skipSpace(json, at + 1);
  }
}

function readMember(json: Buffer, start: number, found: Scanned): JsonMember {
  if (json[start] !== quote) throw unexpected(json, start, 'a key in double quotes');
  const keyEnd = skipString(json, start);
  const separator = skipSpace(json, keyEnd);
  if (json[separator] !== colon) throw unexpected(json, separator, '":"');
  const valueStart = skipSpace(json, separator + 1);
  const valueEnd = skipObjects(json, valueStart, found) ?? skipValue(json, valueStart, found);
  return { key: keyText(json, start, keyEnd), start, valueStart, valueEnd };
}

function finish(json: Buffer, at: number, found: Scanned): Scanned {
  const end = skipSpace(json, at + 1);
  if (end < json.length) throw unexpected(json, end, 'the end');
  return found;
}

function keyText(json: Buffer, start: number, end: number): string {
  const text = json.toString('utf8', start + 1, end - 1);
  // An escaped key (`"mod\\u0065l"`) means the same member to every parser behind us.
  return text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text;
}

/** Far more than a conversation has items, or a client tools. */
const maxNoted = 10_000;

/** Notes the elements of a list of objects; `undefined` for any other value, and for a list with more of them or with a fault. */
function skipObjects(json: Buffer, start: number, found: Scanned): number | undefined {
  if (json[start] !== openBracket) return undefined;
  const elements: JsonSpan[] = [];
  let at = start;
  do {
    at = skipSpace(json, at + 1);
    if (json[at] !== openBrace || elements.length === maxNoted) return undefined;
    const end = skipNested(json, at, found, 1);
    elements.push({ start: at, end });
    at = skipSpace(json, end);
  } while (json[at] === comma);
  if (json[at] !== closeBracket) return undefined;
  found.elements.set(start, elements);
  return at + 1;
}

function skipValue(json: Buffer, at: number, found?: Scanned): number {
  const first = json[at];
  if (first === quote) {
    if (found !== undefined) noteBeginning(json, at, found);
    return skipString(json, at);
  }
  if (first === openBrace || first === openBracket) return skipNested(json, at, found);
  let end = at;
  while (end < json.length && !endsScalar(json[end])) end += 1;
  if (end === at) throw unexpected(json, at, 'a value');
  return end;
}

/** `outer`: in how many values it stands. */
function skipNested(json: Buffer, start: number, found: Scanned | undefined, outer = 0): number {
  let depth = outer;
  let at = start;
  while (at < json.length) {
    const byte = json[at];
    if (byte === quote) {
      if (found !== undefined) noteBeginning(json, at, found);
      at = skipString(json, at);
      continue;
    }
    at += 1;
    if (byte === openBrace || byte === openBracket) {
      depth += 1;
      if (depth >= maxDepth) throw new SyntaxError(`nested deeper than ${maxDepth} levels at byte ${at - 1}`);
    } else if (byte === closeBrace || byte === closeBracket) {
      depth -= 1;
      if (depth === outer) return at;
    }
  }
  throw unexpected(json, at, 'a closing bracket');
}

/** Notes with what the string that opens at `start` begins, where it is a member's value. */
function noteBeginning(json: Buffer, start: number, found: Scanned): void {
  const before = json[start - 1];
  if (before !== colon && !(before === space && json[start - 2] === colon)) return;
  const first = (json[start + 1] === space ? json[start + 2] : json[start + 1]) ?? 0;
  if (first >> 5 === 1) found.beginnings |= 1 << (first - firstSign);
  else if (first === backslash || first === backquote || first >= 0x80) found.beginnings |= oddBeginning;
}

/** Offset after the closing quote of the string that opens at `start`. */
function skipString(json: Buffer, start: number): number {
  let at = start + 1;
  for (;;) {
    const near = Math.min(at + shortString, json.length);
    while (at < near) {
      const byte = json[at];
      if (byte === quote) return at + 1;
      at += byte === backslash ? 2 : 1;
    }
    if (at >= json.length) throw unexpected(json, json.length, 'a closing quote');
    const next = json.indexOf(quote, at);
    if (next < 0) throw unexpected(json, json.length, 'a closing quote');
    if (!isEscaped(json, next, at)) return next + 1;
    at = next + 1;
  }
}

/** Whether an odd number of backslashes stands right before `at`, not counting those before `from`. */
function isEscaped(json: Buffer, at: number, from: number): boolean {
  let first = at;
  while (first > from && json[first - 1] === backslash) first -= 1;
  return (at - first) % 2 === 1;
}

function skipSpace(json: Buffer, start: number): number {
  let at = start;
  while (isSpace(json[at])) at += 1;
  return at;
}

function isSpace(byte: number | undefined): boolean {
  return byte === space || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function endsScalar(byte: number | undefined): boolean {
  return byte === comma || byte === closeBrace || byte === closeBracket || isSpace(byte);
}

function unexpected(json: Buffer, at: number, wanted: string): SyntaxError {
  const found = at < json.length ? `byte ${at}` : 'the end of the body';
  return new SyntaxError(`expected ${wanted} at ${found}`);
}
