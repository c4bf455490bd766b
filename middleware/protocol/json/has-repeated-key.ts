import { endOfString } from '../../kernel/bounds/end-of-string.ts';
import { closeBrace, closeBracket, colon, openBrace, openBracket, quote } from './json-signs.ts';

/** An object that is being read, with its keys so far; an array has none. */
type Open = Set<string> | undefined;

/**
 * Whether an object in a JSON text, at any depth, has one key twice. Parsers take the last, the first, or refuse
 * it. The text has been parsed before, so that it is JSON.
 */
export function hasRepeatedKey(json: string): boolean {
  const open: Open[] = [];
  let at = 0;
  while (at < json.length) {
    const sign = json.charCodeAt(at);
    if (sign === quote) {
      const end = endOfString(json, at) + 1;
      if (isKeyBefore(json, end) && !isNew(open.at(-1), json.slice(at, end))) return true;
      at = end;
      continue;
    }
    if (sign === openBrace) open.push(new Set());
    else if (sign === openBracket) open.push(undefined);
    else if (sign === closeBrace || sign === closeBracket) open.pop();
    at += 1;
  }
  return false;
}

function isKeyBefore(json: string, end: number): boolean {
  let at = end;
  while (isSpace(json.charCodeAt(at))) at += 1;
  return json.charCodeAt(at) === colon;
}

function isSpace(sign: number): boolean {
  return sign === 0x20 || sign === 0x09 || sign === 0x0d || sign === 0x0a;
}

/** A key may be written with escapes. */
function isNew(keys: Open, quoted: string): boolean {
  const key = quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
  if (keys?.has(key) === true) return false;
  keys?.add(key);
  return true;
}
