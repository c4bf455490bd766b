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
    const sign = json[at];
    if (sign === '"') {
      const end = endOfString(json, at);
      if (isKeyBefore(json, end) && !isNew(open.at(-1), json.slice(at, end))) return true;
      at = end;
      continue;
    }
    if (sign === '{') open.push(new Set());
    else if (sign === '[') open.push(undefined);
    else if (sign === '}' || sign === ']') open.pop();
    at += 1;
  }
  return false;
}

/** Behind the closing quote. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
}

function isKeyBefore(json: string, end: number): boolean {
  let at = end;
  while (at < json.length && ' \t\r\n'.includes(json.charAt(at))) at += 1;
  return json[at] === ':';
}

/** A key may be written with escapes. */
function isNew(keys: Open, quoted: string): boolean {
  const key = quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
  if (keys?.has(key) === true) return false;
  keys?.add(key);
  return true;
}
