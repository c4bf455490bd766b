import { isJsonObject, parseJson, parseJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import { brokenCode, brokenFault, type BrokenCode } from './broken-answer.ts';
import { breakIn, inPlainWords, isEventStream } from './litellm-breaks.ts';
import { fromPrintedBytes, fromPrintedDict } from './python-print.ts';
import { page, quotaExceeded, usedUpName, usedUpWords } from './refusal-words.ts';
import { secondsToWait } from './seconds-to-wait.ts';
import { tellsContextLength, type ToldError } from './tells-context-length.ts';
import { tellsNoPath } from './tells-no-path.ts';
import { tellsTooLarge } from './tells-too-large.ts';
import { tellsUnknownModel } from './tells-unknown-model.ts';
import { unreadAnswer } from './unread-answer.ts';
import { withoutQuotes } from './without-quotes.ts';

export type LitellmFaultCode =
  | 'context_length_exceeded'
  | 'insufficient_quota'
  | 'rate_limit_exceeded'
  | 'server_is_overloaded'
  | 'model_not_found'
  /** Its provider has no model of the name that the configuration gives it. */
  | 'unknown_to_provider'
  /** Its server has nothing at the path that the configuration leads to. */
  | 'no_such_path'
  | 'request_too_large'
  | 'invalid_request'
  | BrokenCode
  | 'failed';

/** What LiteLLM says that went wrong, without its own words around it. */
export interface LitellmFault {
  readonly code: LitellmFaultCode;
  /** The provider's words. */
  readonly message: string;
}

/** More than any provider says of an error; what is longer is told as far as this. */
const maxLength = 64 * 1024;
/** Its own names of errors, and of the clients through which it calls. */
const ownWords =
  /^(?:(?:litellm\.)?[\w-]+(?:Error|Exception)(?: \w*(?:Error|Exception|Timeout))?(?: -|:)|litellm\.Timeout:|Timeout Error(?: -|:)|Error receiving chunk from stream:|Invalid request format:(?= litellm\.))\s*/;
/** Where what it says behind begins, of its own configuration. */
const ownTails = [
  '. Handle with `litellm.',
  '. Received Model Group=',
  ' Received Model Group=',
  '\nmodel=',
  ', LiteLLM Retried:',
  '\nModel: ',
  '\n\nDeployment Info:',
  ' Original exception: ',
  // With a line break that is none within JSON.
  '\nTraceback (most recent call last)',
  'This looks like a bug in LiteLLM rather than in your request.',
  'This error occurs when load balancing Responses API across deployments',
];
/** What no client is told, whoever says it: where the machine has its files, and whom to tell of a bug. */
const untold = ['Traceback (most recent call last)', 'File an issue'];
/** What it says of its fallbacks, in a paragraph of its own. */
const ownParagraph = 'LiteLLM:';

/** Of a name that it has no deployment for: before it asks its router, and behind that, where an entry has stars in its name. */
const noModel =
  /Invalid model name passed in model=|You passed in model=.{0,500}?\. There are no healthy deployments for this model/s;
/** Of LiteLLM itself, which no provider said. */
const ofLitellm = new RegExp(`${noModel.source}|No deployments available|crossed budget`, 's');

/**
 * What an error of LiteLLM means to a client; `undefined` for one that it passed on as its provider said it, and for one
 * that says nothing which clients have a word for. Measured with LiteLLM 1.106 and 1.109.
 */
export function litellmFault(status: number, told: string): LitellmFault | undefined {
  const said = told.slice(0, maxLength);
  const message = withoutLitellm(said);
  // What LiteLLM put no words around is the provider's own, and goes on as it is.
  if (message === said && !ofLitellm.test(said)) return undefined;
  const isUntold = untold.some((words) => said.includes(words));
  const code = faultCode(status, { names: [], said, message }) ?? (isUntold ? 'invalid_request' : undefined);
  return code === undefined ? undefined : { code, message: wordsUnder(status, said, message) };
}

/**
 * What an error means to clients of another API, in the words of its provider; `name` is the provider's of the error. `body`: all of
 * it, which may say how long to wait where its words do not.
 */
export function providerFault(status: number, told: string, name = '', body = told): LitellmFault {
  const message = withoutLitellm(told);
  const said = told.slice(0, maxLength);
  const wait = secondsToWait(body);
  const code = faultCode(status, { names: [name], said, message }, wait) ?? 'invalid_request';
  return { code, message: wordsUnder(status, said, message) };
}

/** How LiteLLM tells an answer under a good status that it could not read, as a fault of the server: all of it stands behind. */
const underGoodStatus = /^litellm\.APIError: APIError: \w+Exception - /;

function wordsUnder(status: number, said: string, message: string): string {
  if (isWholeStream(status, message)) return brokenFault('streamed').message;
  if (status !== 500 || !underGoodStatus.test(said)) return toldWords(status, message);
  if (message === '') return brokenFault('empty').message;
  return message.startsWith('{') ? brokenFault('unread').message : toldWords(200, message);
}

/** What LiteLLM says where it asked for a whole answer and got a stream, as a fault of the server: all of that. */
function isWholeStream(status: number, message: string): boolean {
  return status >= 500 && isEventStream(message);
}

/** Whether the body of an error is a page for browsers. */
export function isPage(text: string): boolean {
  return page.test(text);
}

/** What can be shown to people: of a page its title, and where nothing was said that. */
export function toldWords(status: number, message: string): string {
  if (message.trim() === '') return `the provider answered with the status ${status} and said nothing`;
  if (!isPage(message)) return message;
  const [, title = ''] = /<title>([^<]{1,200})<\/title>/i.exec(message) ?? [];
  const what = title.trim() === '' ? 'a page' : `the page "${title.trim()}"`;
  return `the provider answered with the status ${status} and ${what}`;
}

/** An error's text without the words that LiteLLM put around it. */
export function withoutLitellm(told: string): string {
  const said = told.slice(0, maxLength);
  return coolingDown(said) ?? withoutUntold(providersWords(said));
}

function withoutUntold(text: string): string {
  const ends = untold.map((words) => text.indexOf(words)).filter((at) => at >= 0);
  return ends.length === 0 ? text : text.slice(0, Math.min(...ends)).trim();
}

/** What a status and what was said with it mean, whoever says it: of an answer that LiteLLM could not read, the status in it. `wait`: in how many seconds to try again, where it says so. */
export function faultCode(
  given: number,
  error: ToldError,
  wait = secondsToWait(error.said),
): LitellmFaultCode | undefined {
  if (isWholeStream(given, error.message)) return 'upstream_unreadable';
  return brokenCode(error.message) ?? codeUnder(unreadAnswer(error.said)?.status ?? given, error, wait);
}

function codeUnder(status: number, error: ToldError, wait: number | undefined): LitellmFaultCode | undefined {
  const { names, said } = error;
  const all = [...names, said].join(' ');
  if (noModel.test(said)) return 'model_not_found';
  const missing = missingCode(status, all, error.message);
  if (missing !== undefined) return missing;
  // Who limits a rate by tokens says there are too many of them, too.
  if (status !== 429 && tellsContextLength(error)) return 'context_length_exceeded';
  if (tellsQuota(status, error, wait)) return 'insufficient_quota';
  // What a refusal says is about the request, and may have its words in it.
  if (isRefusal(status)) return refusalCode(status, error);
  if (status === 529 || /\boverloaded(?:_error)?\b/i.test(all)) return 'server_is_overloaded';
  if (status === 429) return 'rate_limit_exceeded';
  if (status === 408) return 'upstream_timeout';
  return status >= 500 ? 'failed' : undefined;
}

/** Of what the configuration names, and nobody has. */
function missingCode(status: number, all: string, message: string): LitellmFaultCode | undefined {
  if (tellsUnknownModel(status, all)) return 'unknown_to_provider';
  return tellsNoPath(status, isPage(message) ? '' : message) ? 'no_such_path' : undefined;
}

/** Nothing that the client could send again; its own key is not meant by a 401, which is LiteLLM's for the provider. */
function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && !forLater.has(status);
}

/** What took too long, or came too often, may be sent again. */
const forLater: ReadonlySet<number> = new Set([408, 429]);

function refusalCode(status: number, error: ToldError): LitellmFaultCode {
  return tellsTooLarge(status, error) ? 'request_too_large' : 'invalid_request';
}

/** LiteLLM's own. */
const budgetWords = /crossed budget|ExceededBudget/;
const quotaInJson = /(?<!\\)"(?:code|type)": ?"insufficient_quota"/;

/** Google says the same of a rate limit, and then for how long to wait. */
function tellsQuota(status: number, { names, said, message }: ToldError, wait: number | undefined): boolean {
  if (status === 402) return true;
  if (quotaExceeded.test(message)) return wait === undefined;
  if (names.includes(usedUpName) || quotaInJson.test(said)) return true;
  const words = withoutQuotes(message);
  return budgetWords.test(words) || usedUpWords.test(words);
}

/** Its own account of deployments that it leaves alone for a while has their ids in it. */
function coolingDown(said: string): string | undefined {
  if (!said.startsWith('No deployments available for selected model')) return undefined;
  const seconds = secondsToWait(said);
  const wait = seconds === undefined ? '' : `; try again in ${seconds} s`;
  return `LiteLLM leaves this model alone for a while, since its provider failed${wait}`;
}

/** The innermost words: a provider's JSON often stands within LiteLLM's text. */
function providersWords(said: string): string {
  const unread = unreadAnswer(said);
  if (unread !== undefined)
    return (unread.answer && messageIn(unread.answer)) ?? brokenFault('unread').message;
  const text = withoutOwnWords(said);
  const broken = text === '' && connectionError.test(said) ? 'ended' : breakIn(text);
  if (broken !== undefined) return brokenFault(broken).message;
  const inner = innerObject(text);
  return (inner && messageIn(inner)) ?? bytesIn(text) ?? inPlainWords(text);
}

/** Where nobody said why: the connection broke, or what came over it was nothing. */
const connectionError = /\bAPIConnectionError\b/;

/** What a provider says of an error in fields of its own, where LiteLLM has it within its text. */
export function providersError(told: string): JsonObject | undefined {
  const inner = innerObject(withoutOwnWords(told.slice(0, maxLength)));
  return inner && errorIn(inner);
}

function withoutOwnWords(said: string): string {
  let text = withoutTail(said).trim();
  for (let before = ''; before !== text;) {
    before = text;
    text = text.replace(ownWords, '');
  }
  return text;
}

function withoutTail(said: string): string {
  const last = said.lastIndexOf(ownParagraph);
  const before = said.slice(0, Math.max(last, 0));
  const isParagraph = before.slice(before.trimEnd().length).includes('\n');
  const text = isParagraph ? before : said;
  const ends = ownTails.map((tail) => text.indexOf(tail)).filter((at) => at >= 0);
  return text.slice(0, Math.min(text.length, ...ends));
}

/** What LiteLLM writes before a provider's JSON: the name of an error, at times with some words more, or the status. */
const beforeJson =
  /^(?:[\w. ]{0,80}(?:Error|Exception)[\w ]{0,40}(?: -|:)\s{0,4}|(?:Error code|Google Gen AI Studio API error): \d{3} - )?(?:b')?$/;
const maxBeforeJson = 200;

/** A provider's JSON is all of the text but for that; within a sentence stands what a request or a call of the model had in it. */
function innerObject(text: string): JsonObject | undefined {
  const [start, end] = [text.indexOf('{'), text.lastIndexOf('}')];
  if (start < 0 || start > maxBeforeJson || end < start) return undefined;
  const before = text.slice(0, start);
  if (!beforeJson.test(before) || !['', "'"].includes(text.slice(end + 1).trim())) return undefined;
  const json = text.slice(start, end + 1);
  return parseJsonObject(before.endsWith("b'") ? fromPrintedBytes(json) : json) ?? fromPrintedDict(json);
}

/** What Python's print of bytes has in it, where a text is nothing else. */
function bytesIn(text: string): string | undefined {
  const isBytes = text.length > 2 && text.startsWith("b'") && text.endsWith("'");
  return isBytes ? fromPrintedBytes(text.slice(2, -1)) : undefined;
}

function errorIn(value: JsonObject): JsonObject {
  return isJsonObject(value['error']) ? value['error'] : value;
}

function messageIn(value: JsonObject): string | undefined {
  // FastAPI, with which servers of models are made as well, says `detail`.
  const message = errorIn(value)['message'] ?? value['error'] ?? value['detail'];
  if (typeof message !== 'string') return undefined;
  // A provider behind a provider.
  const nested = parseJson(message);
  return (isJsonObject(nested) ? messageIn(nested) : undefined) ?? message;
}
