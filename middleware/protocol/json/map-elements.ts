import type { ApiRequest } from '../../kernel/exchange.ts';
import { arrayElements, lastMember, replaceValue } from './json-members.ts';
import { withJson } from './with-json.ts';

/**
 * The request with the elements of a list at its top level changed, each by its text; `undefined` takes one out. The same
 * request where nothing changes; else every byte stays but for those that are changed and what stands between elements.
 */
export function mapElements(
  request: ApiRequest,
  key: string,
  change: (element: string) => string | undefined,
): ApiRequest {
  const { json } = request;
  const list = lastMember(json, key);
  const elements = list === undefined ? undefined : arrayElements(json, list);
  if (list === undefined || elements === undefined) return request;
  const given = elements.map(({ start, end }) => json.toString('utf8', start, end));
  const changed = given.map(change);
  if (changed.every((text, index) => text === given[index])) return request;
  const kept = changed.filter((text) => text !== undefined);
  return withJson(request, replaceValue(json, list, `[${kept.join(',')}]`));
}
