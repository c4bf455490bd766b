import { parseJson } from '../../kernel/json-object.ts';
import { closeBrace, closeBracket, colon, comma, openBrace, openBracket, quote } from './json-signs.ts';

/**
 * The value of a member at the top level of an object, the last one of its name, found from the end: what stands before it is not looked
 * through, and taken for JSON. `undefined`: it has to be looked for from the beginning. The text has to be whole: another object may end
 * where one breaks off.
 */
export function memberNearEnd(text: string, name: string): { readonly value: unknown } | undefined {
  const key = `"${name}"`;
  const start = text.lastIndexOf(key);
  if (start < 0 || text.charCodeAt(0) !== openBrace || !opensString(text, start)) return undefined;
  const separator = behindSpace(text, start + key.length, 1);
  // A later name may be the same one with an escape.
  if (text.charCodeAt(separator) !== colon || text.includes('\\', separator)) return undefined;
  const end = valueEnd(text, separator + 1);
  const value = end === undefined ? undefined : parseJson(text.slice(separator + 1, end));
  return value === undefined ? undefined : { value };
}

/**
 * Whether the quote before a name opens it. Within a string it would have a backslash before it, and behind one that closes a string no
 * name goes on.
 */
function opensString(text: string, at: number): boolean {
  const before = text.charCodeAt(behindSpace(text, at - 1, -1));
  return before === comma || before === openBrace;
}

function behindSpace(text: string, from: number, step: 1 | -1): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at += step;
  return at;
}

function isSpace(sign: number): boolean {
  return sign === 0x20 || sign === 0x0a || sign === 0x0d || sign === 0x09;
}

/**
 * The end of the value behind `from`, if it is one of the outermost object's: all that opens behind it closes, and the one bracket
 * more is the end of the text.
 */
function valueEnd(text: string, from: number): number | undefined {
  let depth = 0;
  let end: number | undefined;
  for (let at = from; at < text.length; at += 1) {
    const sign = text.charCodeAt(at);
    if (sign === quote) {
      at = text.indexOf('"', at + 1);
      if (at < 0) return undefined;
    }
    if (sign === comma && depth === 0) end ??= at;
    depth += stepOf(sign);
    if (depth < 0) return behindSpace(text, at + 1, 1) === text.length ? (end ?? at) : undefined;
  }
  return undefined;
}

function stepOf(sign: number): number {
  if (sign === openBrace || sign === openBracket) return 1;
  return sign === closeBrace || sign === closeBracket ? -1 : 0;
}
