import { ProtocolErrorCode } from '@modelcontextprotocol/client';
import { endOfString } from '../../../kernel/bounds/end-of-string.ts';
import { hasMoreValues } from '../../../kernel/bounds/has-more-values.ts';
import { hasTextMoreValues } from '../../../kernel/bounds/has-text-more-values.ts';
import { isTextWithinDepth } from '../../../kernel/bounds/is-text-within-depth.ts';
import { isWithinDepth } from '../../../kernel/bounds/is-within-depth.ts';
import { isJsonObject, parseJson, parseJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import { boundedParts, hasManyFields, manyFields, maxAsked, maxResultDepth } from './bounded-parts.ts';

/** Of one message; of what has more, no more is read than whose answer it is. */
const maxValues = 150_000;
/** Of levels in one message: the parsers of some clients stop at 128, and what writes a message needs a stack for each. */
const maxDepth = 100;
/** What is nested deeper takes long to parse. */
const maxParsedDepth = 10_000;
/** What has no more than these is cheap, whatever it is: nor can it be nested deeper than it may be. */
export const fewValues = Math.min(maxDepth, maxResultDepth);
/** Of what a server tells by itself, and of what it tells of an error. */
const maxTold = 20_000;

/** Of what comes in one array: each is read by itself. */
const maxBatch = 1_000;

/** Hears that a list has more in it than is used. */
type OnCut = (list: string) => void;

/** The message that a text is, with no more in it than can be looked at in a short time; `undefined` where it is none, or left out. */
export function readMessage(text: string, onCut: OnCut): JsonObject | undefined {
  const fault = faultBeforeParse(text);
  if (fault !== undefined) return withoutBody(headOf(text), fault);
  const found = parseJsonObject(text);
  if (found?.['jsonrpc'] !== '2.0') return undefined;
  return hasTextMoreValues(text, fewValues) ? boundedMessage(found, onCut) : found;
}

/** A text with the same of all messages in it, and itself where nothing changes; `undefined` for what is left out. */
export function boundedText(text: string, onCut: OnCut): string | undefined {
  if (!hasTextMoreValues(text, fewValues)) return text;
  const fault = faultBeforeParse(text);
  if (fault !== undefined) {
    const message = withoutBody(headOf(text), fault);
    return message && JSON.stringify(message);
  }
  const found = parseJson(text);
  if (Array.isArray(found) && found.length > maxBatch) return undefined;
  const messages: readonly unknown[] = Array.isArray(found) ? found : [found];
  const made = messages.map((message) =>
    isJsonObject(message) && message['jsonrpc'] === '2.0'
      ? boundedMessage(message, onCut)
      : withinDepth(message),
  );
  if (made.every((message, at) => message === messages[at])) return text;
  const left = made.filter((message) => message !== undefined);
  if (left.length === 0) return undefined;
  return JSON.stringify(Array.isArray(found) ? left : left[0]);
}

/** What a text has so much of that it is not parsed. */
function faultBeforeParse(text: string): string | undefined {
  if (hasTextMoreValues(text, maxValues)) return `more than ${maxValues} values`;
  return isTextWithinDepth(text, maxParsedDepth) ? undefined : tooDeep;
}

const tooDeep = `more than ${maxDepth} levels of nesting`;

function withinDepth(value: unknown): unknown {
  return isWithinDepth(value, maxDepth) ? value : undefined;
}

/** The same message where it has not too much in it; `undefined` for news that nobody can read. */
function boundedMessage(found: JsonObject, onCut: OnCut): JsonObject | undefined {
  const made = withFewValues(found, onCut);
  if (made === undefined || isWithinDepth(made, maxDepth)) return made;
  const { error, ...rest } = made;
  return isJsonObject(error) && made['method'] === undefined
    ? (withinDepth({ ...rest, error: wordsOf(error) }) as JsonObject | undefined)
    : withoutBody(made, tooDeep);
}

function withFewValues(found: JsonObject, onCut: OnCut): JsonObject | undefined {
  const { id, method, params, result, error } = found;
  if (method !== undefined) {
    const isRequest = id !== undefined;
    if (hasMoreValues(params, isRequest ? maxAsked : maxTold))
      return isRequest ? withoutBody(found, `more than ${maxAsked} values`) : undefined;
    return isRequest && hasManyFields(params) ? { ...found, params: leftOut(manyFields) } : found;
  }
  if (isJsonObject(error) && hasMoreValues(error, maxTold)) return { ...found, error: wordsOf(error) };
  if (!isJsonObject(result)) return found;
  const bounded = boundedParts(result, onCut);
  if (bounded.kind === 'fault') return faultFor(id, bounded.fault);
  return bounded.result === result ? found : { ...found, result: bounded.result };
}

/** Without the data, which has as much in it as a server likes. */
function wordsOf({ code, message }: JsonObject): JsonObject {
  return { code, message };
}

/** An answer becomes an error, what the server asks is refused by the SDK, and news are left out. */
function withoutBody({ id, method }: JsonObject, fault: string): JsonObject | undefined {
  if (!isWithinDepth([id, method], 1) || id === undefined) return undefined;
  return method === undefined ? faultFor(id, fault) : { jsonrpc: '2.0', id, method, params: {} };
}

/** Where it is said of a form what it has too much of. */
const leftOutKey = 'codex-plus/left-out';

/** A form that the SDK takes, in the place of one that nobody is to see. */
function leftOut(what: string): JsonObject {
  return { message: '', requestedSchema: { type: 'object', properties: {} }, _meta: { [leftOutKey]: what } };
}

/** What a form that a server asks by had too much of; `undefined` where it is as the server wrote it. */
export function leftOutOf({ _meta: meta }: JsonObject): string | undefined {
  const what = isJsonObject(meta) ? meta[leftOutKey] : undefined;
  return what === manyFields ? what : undefined;
}

function faultFor(id: unknown, what: string): JsonObject {
  const message = `what the MCP server answered has ${what} and was left out: ask it for less at a time`;
  return { jsonrpc: '2.0', id, error: { code: ProtocolErrorCode.InternalError, message } };
}

const quote = 0x22;
const opening: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const closing: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/** A name at the top level, with its value where that is a text or a number. */
const headMember = /"(id|method|result|error)"\s*:\s*("(?:[^"\\]|\\.){0,300}"|-?\d{1,20})?/y;

/** Whose answer a message is, or what it asks, as it is found without a parse. */
export function headOf(text: string): JsonObject {
  const head = new Map<string, unknown>();
  let open = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (opening.has(code)) open += 1;
    else if (closing.has(code)) open -= 1;
    else if (code === quote) {
      headMember.lastIndex = at;
      const [, name, value = 'null'] = (open === 1 ? headMember.exec(text) : null) ?? [];
      if (name !== undefined) head.set(name, parseJson(value));
      // Nearly all of them say it before their body.
      if (head.has('id') && head.size > 1) break;
      at = endOfString(text, at);
    }
  }
  return { id: head.get('id'), method: head.get('method') };
}
