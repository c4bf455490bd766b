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

/** Whether a body may hold a command's stub. */
export function hasStub(json: Buffer): boolean {
  return json.includes(stubSign);
}
