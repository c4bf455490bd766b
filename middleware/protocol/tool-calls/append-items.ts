import type { ApiRequest } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import { arrayElements, replaceValue, topLevelMembers } from '../json-members.ts';
import { withJson } from '../with-json.ts';

const quote = 0x22;

/** The request with further items at the end of its conversation. Every byte before them stays. */
export function appendItems(request: ApiRequest, items: readonly JsonObject[]): ApiRequest {
  if (items.length === 0) return request;
  const { json } = request;
  const key = request.api === 'responses' ? 'input' : 'messages';
  const added = items.map((item) => JSON.stringify(item)).join(',');
  const member = topLevelMembers(json).findLast((found) => found.key === key);
  if (member === undefined)
    return withJson(request, insert(json, json.indexOf('{') + 1, `"${key}":[${added}],`));
  const elements = arrayElements(json, member);
  if (elements !== undefined) {
    const last = elements.at(-1);
    return withJson(
      request,
      last === undefined ? insert(json, member.valueStart + 1, added) : insert(json, last.end, `,${added}`),
    );
  }
  // An input that is a text alone is a message of the user.
  const given = json.toString('utf8', member.valueStart, member.valueEnd);
  const first = json[member.valueStart] === quote ? `{"role":"user","content":${given}},` : '';
  return withJson(request, replaceValue(json, member, `[${first}${added}]`));
}

/** The request with these items as all of its conversation. */
export function onlyItems(request: ApiRequest, items: readonly JsonObject[]): ApiRequest {
  const member = topLevelMembers(request.json).findLast(({ key }) => key === 'input');
  if (member === undefined) return appendItems(request, items);
  return withJson(request, replaceValue(request.json, member, JSON.stringify(items)));
}

function insert(json: Buffer, at: number, text: string): Buffer {
  return Buffer.concat([json.subarray(0, at), Buffer.from(text), json.subarray(at)]);
}
