import type { ApiRequest } from '../../kernel/exchange.ts';
import { lastMember, replaceValue } from './json-members.ts';
import { withJson } from './with-json.ts';

/** The value of a member at the top level of a body, the last one of its name; `undefined` where it has none. */
export function memberValue(json: Buffer, key: string): unknown {
  const member = lastMember(json, key);
  return member === undefined
    ? undefined
    : (JSON.parse(json.toString('utf8', member.valueStart, member.valueEnd)) as unknown);
}

/**
 * The request with another value for a member at the top level, in its place or before all others; every other byte
 * stays.
 */
export function withMember(request: ApiRequest, key: string, value: unknown): ApiRequest {
  const { json } = request;
  const member = lastMember(json, key);
  const text = JSON.stringify(value);
  if (member !== undefined) return withJson(request, replaceValue(json, member, text));
  const open = json.indexOf('{') + 1;
  const added = Buffer.from(`${JSON.stringify(key)}:${text},`);
  return withJson(request, Buffer.concat([json.subarray(0, open), added, json.subarray(open)]));
}
