import type { JsonObject } from '../../kernel/json-object.ts';

/** Events in which an answer is told piece by piece, of the APIs that name them. */
const eventTypes = String.raw`response\.(?!failed")|content_block_|message_|ping"`;
const namedEvent = new RegExp(`^(?:${eventTypes})`);
/** A line as every API's stream has it while nothing went wrong. */
const usualLine = [
  String.raw`data: ?(?:\[DONE\]|[^\r\n]*?"(?:choices" ?: ?\[|type" ?: ?"(?:${eventTypes})))`,
  // Names and comments such as `: OPENROUTER PROCESSING`.
  String.raw`event: ?[a-z_.]{1,64}$`,
  String.raw`: ?[A-Za-z .-]{0,64}$`,
  String.raw`(?:id|retry): ?\d{0,16}$`,
].join('|');
const failures = String.raw`^event: ?(?:error|response\.failed)\b|"errors?" ?: ?[{"[]|"detail" ?:|"type" ?: ?"error"|"status" ?: ?"failed"`;
/** Ends are said in plain words; whatever else stands there is a text of the provider's. */
const oddEnd = String.raw`(?:(?:stop|finish)_|"incomplete_details" ?: ?\{ ?")reason" ?: ?"(?![A-Za-z_]{1,64}")|"(?:stop_sequence|explanation)" ?: ?"`;

const oddWords = new RegExp(`${failures}|${oddEnd}`, 'm');
const oddLine = new RegExp(`^(?!${usualLine}).`, 'm');
const usualHere = new RegExp(`(?:$|${usualLine})`, 'my');
/** Of these one is in everything that `oddWords` finds: a search for them costs next to nothing. */
const signs = [
  'error',
  'failed',
  '"detail"',
  'reason":"',
  'reason" ',
  'reason": ',
  'stop_sequence',
  'explanation',
];
const answerMember = /"(?:choices|content|output)" ?: ?\[/;

/** Whether there may be more in frames of a stream than what a model says: told without parsing them, for all but few at once. */
export function mayBeOdd(frames: string): boolean {
  return saysFailure(frames) || hasOddLine(frames);
}

/** Whether a part of a stream, or of a body, says that an answer failed, or why it ended in words of the provider's own. */
export function saysFailure(text: string): boolean {
  return signs.some((sign) => text.includes(sign)) && oddWords.test(text);
}

/** Line by line: an expression that searched for the lines would try each letter. */
function hasOddLine(frames: string): boolean {
  if (frames.includes('\r')) return oddLine.test(frames);
  for (let start = 0; start < frames.length;) {
    usualHere.lastIndex = start;
    if (!usualHere.test(frames)) return true;
    const end = frames.indexOf('\n', start);
    start = end < 0 ? frames.length : end + 1;
  }
  return false;
}

/** The same of a body that is no stream. */
export function mayBeOddAnswer(body: string): boolean {
  return oddWords.test(body) || !answerMember.test(body);
}

/** Whether an event of a stream, or an answer, carries what a model says, as far as its shape tells. */
export function carriesModelWords(told: JsonObject): boolean {
  if ('errors' in told || 'detail' in told) return false;
  const { type } = told;
  if (typeof type === 'string' && namedEvent.test(`${type}"`)) return true;
  return ['choices', 'content', 'output'].some((name) => Array.isArray(told[name]));
}

/** Whether an API says in a member why an answer ended; `parent`: that of its object. */
export function tellsEnd(name: string, parent: string): boolean {
  return endMembers.has(name) || endMembers.has(`${parent}.${name}`);
}

const endMembers: ReadonlySet<string> = new Set([
  ...['stop_reason', 'stop_sequence', 'finish_reason', 'native_finish_reason'],
  ...['stop_details.explanation', 'incomplete_details.reason'],
]);
