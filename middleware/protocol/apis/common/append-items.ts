import type { ApiRequest } from '../../../kernel/exchange.ts';
import type { JsonObject } from '../../../kernel/json-object.ts';
import {
  arrayElements,
  insertIntoArray,
  replaceValue,
  topLevelMembers,
  type JsonMember,
} from '../../json/json-members.ts';
import { withJson } from '../../json/with-json.ts';
import type { Items } from '../request-codec.ts';

const quote = 0x22;

/** The request with further items at the end of its conversation, which is the member `key`. Every byte before them stays. */
export function appendItems(request: ApiRequest, key: string, items: Items): ApiRequest {
  return withItems(request, { key, items, where: 'end' });
}

/** The request with further items before all others. */
export function prependItems(request: ApiRequest, key: string, items: Items): ApiRequest {
  return withItems(request, { key, items, where: 'start' });
}

/** The request with these items as all of its conversation. */
export function onlyItems(request: ApiRequest, key: string, items: readonly JsonObject[]): ApiRequest {
  const member = topLevelMembers(request.json).findLast((found) => found.key === key);
  if (member === undefined) return appendItems(request, key, items);
  return withJson(request, replaceValue(request.json, member, JSON.stringify(items)));
}

interface Addition {
  readonly key: string;
  readonly items: Items;
  readonly where: 'start' | 'end';
}

function withItems(request: ApiRequest, addition: Addition): ApiRequest {
  return addition.items.length === 0 ? request : withJson(request, withElements(request.json, addition));
}

/** The text of an object with further elements in the list that is its member `key`. Every other byte stays. */
export function withElements(json: Buffer, { key, items, where }: Addition): Buffer {
  const added = bytesOf(items);
  const member = topLevelMembers(json).findLast((found) => found.key === key);
  if (member === undefined) return insert(json, json.indexOf('{') + 1, `"${key}":[${added.toString()}],`);
  const elements = arrayElements(json, member);
  if (elements === undefined)
    return replaceValue(json, member, listOf(json, member, added.toString(), where));
  const [first] = elements;
  const last = elements.at(-1);
  if (first === undefined || last === undefined)
    return insertIntoArray(json, { member, at: member.valueStart + 1 }, [added]);
  return where === 'end'
    ? insertIntoArray(json, { member, at: last.end }, [comma, added])
    : insertIntoArray(json, { member, at: first.start }, [added, comma]);
}

/** Between elements. */
export const comma = Buffer.from(',');

/** One that is given as bytes stays the same buffer. */
function bytesOf(items: Items): Buffer {
  const [first] = items;
  if (items.length === 1 && Buffer.isBuffer(first)) return first;
  return Buffer.from(
    items.map((item) => (Buffer.isBuffer(item) ? item.toString() : JSON.stringify(item))).join(','),
  );
}

/** An input that is a text alone is a message of the user. */
function listOf(json: Buffer, member: JsonMember, added: string, where: 'start' | 'end'): string {
  const given = json.toString('utf8', member.valueStart, member.valueEnd);
  if (json[member.valueStart] !== quote) return `[${added}]`;
  const own = `{"role":"user","content":${given}}`;
  return where === 'end' ? `[${own},${added}]` : `[${added},${own}]`;
}

function insert(json: Buffer, at: number, text: string): Buffer {
  return Buffer.concat([json.subarray(0, at), Buffer.from(text), json.subarray(at)]);
}
