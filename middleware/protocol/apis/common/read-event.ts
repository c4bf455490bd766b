import { isJsonObject, objectIn, type JsonObject } from '../../../kernel/json-object.ts';
import type { SseFrame } from '../../../kernel/sse-frame.ts';
import { hasRepeatedKey } from '../../json/has-repeated-key.ts';
import { frameBytes, parseFrame } from '../../sse/sse-frame.ts';
import { holdsNone } from './holds-none.ts';
import type { Holds } from '../round.ts';
import { unreadable } from './unreadable.ts';

/** The JSON object in a frame; `undefined` for a comment, for `[DONE]`, and for what cannot be read. */
export function readEvent(
  { data }: SseFrame,
  parse: (json: string) => unknown = JSON.parse,
): JsonObject | undefined {
  if (data === undefined) return undefined;
  try {
    const value = parse(data);
    return isJsonObject(value) ? value : undefined;
  } catch {
    // A comment in the place of data, or what no client in JavaScript could read either.
    return undefined;
  }
}

/**
 * The same where calls are held back: what is no JSON and begins like an object is refused, for JSON of other
 * languages has more in it (Python reads `NaN`). Where no call is held, nobody has to read more than we do.
 */
export function readHeldEvent(frame: SseFrame, holds: Holds): JsonObject | undefined {
  const event = readEvent(frame);
  if (event === undefined && holds !== holdsNone && /^\s*\{/.test(frame.data ?? ''))
    throw unreadable('a frame of its stream is no JSON');
  if (event !== undefined) refuseRepeatedKeys(frame.data ?? '', holds);
  return event;
}

/** Refuses JSON with a key twice where calls are held: of the two, some clients take the first and some the last. */
export function refuseRepeatedKeys(json: string, holds: Holds): void {
  if (holds !== holdsNone && hasRepeatedKey(json)) throw unreadable('it has a key twice in one object');
}

/** Of the events that a call, or a part of one, may stand in. */
const nameOfPart = /^(?:response\.|message_|content_block_)/;

/**
 * The type of an event: what it says itself, or the name of its frame, by which Anthropic's SDK for Python goes
 * where it says none. Some clients go by the name alone, so that where calls are held the two may not differ.
 */
export function typeOf({ type }: JsonObject, { event: name = '' }: SseFrame, holds: Holds): string {
  if (typeof type !== 'string') return name;
  if (type !== name && holds !== holdsNone && nameOfPart.test(name))
    throw unreadable('a frame of its stream is named otherwise than what is in it');
  return type;
}

/** A frame with the event in it. */
export function eventFrame(event: JsonObject, name?: string): SseFrame {
  return parseFrame(frameBytes(JSON.stringify(event), name));
}

/** The objects of a list; none where there is no list. */
export function objectsIn(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** A member that is an object; empty where it is none. */
export function objectAt(parent: JsonObject, key: string): JsonObject {
  return objectIn(parent[key]);
}

/** A member that is true or false; `undefined` for anything else. */
export function flagAt(parent: JsonObject, key: string): boolean | undefined {
  const value = parent[key];
  return typeof value === 'boolean' ? value : undefined;
}

/**
 * A member as a text: where a provider gives an object in the place of JSON, its JSON. One that is nested too deep to be
 * written is JSON without an end, which nobody takes for a whole call.
 */
export function inputAt(parent: JsonObject, key: string): string {
  const value = parent[key];
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value);
  } catch {
    return '{';
  }
}

/** Whether a value is a text that says something. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** A member that is a text; empty where it is none. */
export function textAt(parent: JsonObject, key: string): string {
  const value = parent[key];
  return typeof value === 'string' ? value : '';
}
