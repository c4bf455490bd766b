import { hasTextBeginningOddly, hasTextBeginningWith } from '../../../protocol/json/json-members.ts';

/** As anybody types it: a look for these costs far less than one at the conversation. */
const spellings = ['mcp', 'MCP', 'Mcp', 'mCP'];
/** Before it: a sign, with no more than blanks and quotes between it and the beginning of a text in JSON. */
const beginning = /"(?:\\[nrt"]|[\s>('`\x80-\xFF])*[/:$](?:\\[nrt]|\s)?$/;
/** With what such a text may begin, beside what is odd. */
const begins = ['/', ':', '$', ' ', '>', '(', "'"];
const sign = /[/:$](?:\\[nrt]|\s)?$/;
const lookBehind = 32;

/** Whether a body may hold a text that begins with a command of ours for MCP servers, or nearly; `anywhere`: or has one in it. */
export function mayHoldTyped(json: Buffer, anywhere: boolean): boolean {
  if (!anywhere && !hasTextBeginningOddly(json) && !begins.some((one) => hasTextBeginningWith(json, one)))
    return false;
  const before = anywhere ? sign : beginning;
  return spellings.some((word) => {
    for (let at = json.indexOf(word); at !== -1; at = json.indexOf(word, at + word.length)) {
      if (
        endsName(json[at + word.length]) &&
        before.test(json.toString('latin1', Math.max(0, at - lookBehind), at))
      )
        return true;
    }
    return false;
  });
}

/** `mcp__server__tool` and the like are far more frequent. */
function endsName(byte = 0): boolean {
  return !/[\w"/]/.test(String.fromCharCode(byte));
}
