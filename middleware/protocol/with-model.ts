import type { ApiRequest } from '../kernel/exchange.ts';
import type { RawHeaders } from '../kernel/headers.ts';
import { isJsonObject, type JsonObject } from '../kernel/json-object.ts';
import { replaceValue, topLevelMembers } from './json/json-members.ts';
import { withJson } from './json/with-json.ts';

/** The request for another model; every other byte stays. Codex repeats the model in a header, which is changed with it. */
export function withModel(request: ApiRequest, model: string): ApiRequest {
  const changed = withMember(request, 'model', model);
  return {
    ...changed,
    head: { ...changed.head, model },
    headers: withRoutingHint(changed.headers, model),
  };
}

/** The request with another reasoning effort, where its API has a place for one. */
export function withEffort(request: ApiRequest, effort: string): ApiRequest {
  switch (request.api) {
    case 'responses':
      return withMember(request, 'reasoning', { ...objectAt(request, 'reasoning'), effort });
    case 'chat':
      return withMember(request, 'reasoning_effort', effort);
    case 'completions':
    case 'messages':
      return request;
  }
}

function withMember(request: ApiRequest, key: string, value: unknown): ApiRequest {
  const member = topLevelMembers(request.json).findLast((found) => found.key === key);
  const text = JSON.stringify(value);
  if (member !== undefined) return withJson(request, replaceValue(request.json, member, text));
  const open = request.json.indexOf('{') + 1;
  return withJson(
    request,
    Buffer.concat([
      request.json.subarray(0, open),
      Buffer.from(`${JSON.stringify(key)}:${text},`),
      request.json.subarray(open),
    ]),
  );
}

function objectAt({ json }: ApiRequest, key: string): JsonObject {
  const member = topLevelMembers(json).findLast((found) => found.key === key);
  if (member === undefined) return {};
  const value: unknown = JSON.parse(json.toString('utf8', member.valueStart, member.valueEnd));
  return isJsonObject(value) ? value : {};
}

function withRoutingHint(headers: RawHeaders, model: string): RawHeaders {
  return headers.map((value, i) =>
    i % 2 === 1 && headers[i - 1]?.toLowerCase() === 'x-codex-routing-hint'
      ? value.replace(/model=[^;,\s]*/, () => `model=${model}`)
      : value,
  );
}
