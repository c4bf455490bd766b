import { hasTextBeginningWith } from '../json/json-members.ts';

/**
 * In every stub of a command, without the bracket before it, which some clients escape. Its rare first letter makes
 * the search quick.
 */
const stubSign = Buffer.from('!-- codex-plus command');

const callSigns = ['/', ':', '$'];

/**
 * Whether a body may hold a command call: a text that begins with `/`, `:` or `$`, or a command's stub. The scan of
 * the body has seen how its texts begin: almost no request holds a call, and those are not looked at further.
 */
export function mayCallCommand(json: Buffer): boolean {
  return callSigns.some((sign) => hasTextBeginningWith(json, sign)) || hasStub(json);
}

const [at, colon, quote, backslash, space] = [0x40, 0x3a, 0x22, 0x5c, 0x20];
/** Longer names of servers are not looked for. */
const maxServerName = 200;

/**
 * Whether a body may name a resource as `@server:uri`: at the start of a text or after white space, with something behind the
 * colon. Decorators, e-mail addresses and `@path` are no such thing.
 */
export function mayNameResource(json: Buffer): boolean {
  for (let found = json.indexOf(at); found !== -1; found = json.indexOf(at, found + 1)) {
    if (beginsWord(json, found) && namesUri(json, found + 1)) return true;
  }
  return false;
}

function beginsWord(json: Buffer, index: number): boolean {
  const before = json[index - 1] ?? space;
  if (before <= space || before === quote) return true;
  // `\n`, `\r` and `\t` in the text of JSON.
  return json[index - 2] === backslash && [0x6e, 0x72, 0x74].includes(before);
}

function namesUri(json: Buffer, start: number): boolean {
  const last = Math.min(json.length, start + maxServerName);
  for (let index = start; index < last; index += 1) {
    const byte = json[index] ?? space;
    if (endsWord(byte)) return false;
    if (byte === colon) return index > start && !endsWord(json[index + 1] ?? space);
  }
  return false;
}

function endsWord(byte: number): boolean {
  return byte <= space || byte === quote || byte === backslash;
}

/** Whether a body may hold a command's stub. */
export function hasStub(json: Buffer): boolean {
  return json.includes(stubSign);
}
