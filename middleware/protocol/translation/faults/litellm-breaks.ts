import type { BrokenReason } from './broken-answer.ts';

/** What LiteLLM, and the clients through which it calls (aiohttp, httpx, OpenAI's SDK), say of a stream, a connection or a time. */
const wordings: readonly (readonly [RegExp, BrokenReason])[] = [
  [
    /^(?:Response payload is not completed\b|peer closed connection without sending complete message body)/,
    'broken',
  ],
  // Its own objects follow.
  [/^\w{1,60} raised a streaming error - finish_reason: error\b/, 'broken'],
  [/^Upstream generation aborted \(finish_reason=abort\)/, 'broken'],
  [/^[\w-]{1,60} closed the responses stream before any terminal event\b/, 'ended'],
  [/^Stream ended before a finish_reason was received\b/, 'ended'],
  [/^Provider stream ended before emitting a message_stop event\b/, 'ended'],
  [/^Upstream stream ended before completion\b/, 'ended'],
  [
    /^(?:(?:Read|Request|Connection) timed out\b|Timeout on reading data from socket\b|Timeout error occurred\.?$|Stream exceeded max streaming duration\b|The read operation timed out\b)/,
    'late',
  ],
  [
    /^(?:Unable to get json response - .{0,200}?Original Response: |Empty or invalid response from LLM endpoint\. Received: ['"]?)(?:event|data|id|retry)?:/,
    'streamed',
  ],
  [/^Server disconnected\b/, 'unanswered'],
  [
    /^(?:Cannot connect to (?:host|unix socket) |Connection timeout to host |Connection error\.?$|All connection attempts failed\.?$|\[Errno -?\d{1,5}\] )/,
    'unreached',
  ],
  [
    /^(?:Unable to (?:get json response - |parse response\. Original response: )|Failed to decode JSON from chunk: |Error parsing chunk: |Empty or invalid response from LLM endpoint\. Received: |LiteLLM: provider returned a response with no 'choices')/,
    'unread',
  ],
  [
    /^(?:Error in response object(?: format)?$|Invalid response object |An unknown error occurred with the stream$)/,
    'unread',
  ],
  // What is read as an event without a type, in a stream of the Responses API.
  [/^'GenericEvent' object has no attribute /, 'unread'],
];

/** Whether an answer did not come whole, in the words of LiteLLM without its names of errors around them. */
export function breakIn(text: string): BrokenReason | undefined {
  return wordings.find(([words]) => words.test(text))?.[1];
}

/** What Python says where a program did not get what it was written for. */
const ofPython =
  /^(?:'\w{1,80}' object (?:has no attribute '\w{1,80}'|is not (?:subscriptable|iterable|callable))|object of type '\w{1,80}' has no len\(\)|argument of type '\w{1,80}' is not iterable|(?:list|tuple|string) ind(?:ex|ices) [\w ,']{1,80}|'\w{1,80}'|(?:Expecting (?:value|property name enclosed in double quotes|'.' delimiter)|Unterminated string starting at|Extra data|Invalid [\w \\]{1,60}(?: at)?): line \d{1,9} column \d{1,9} \(char \d{1,9}\))$/;

const plainWords = "LiteLLM could not read the provider's answer, or the request";

/** Where LiteLLM itself fails, what it says is of its own code, and may be of the request as well as of the answer. */
export function inPlainWords(text: string): string {
  return ofPython.test(text) ? `${plainWords} (${text})` : text;
}

/** Whether words are those in which such a failure is told. */
export function mayBeOfRequest(words: string): boolean {
  return words.startsWith(plainWords);
}

/** Whether a text begins as an event stream of a model does. */
export function isEventStream(text: string): boolean {
  return /^(?:event: ?[\w.]{1,80}\r?\n|data: ?\{"|:[^\r\n]{0,200}\r?\n)/.test(text);
}
