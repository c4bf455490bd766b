import { parseJson } from '../../kernel/json-object.ts';
import type { ApiRequest } from '../../kernel/exchange.ts';
import { codecOf } from '../apis/codec-of.ts';
import { topLevelMembers, type JsonMember } from '../json/json-members.ts';

/** The answer that a request goes on from by its id, in place of what was said before. */
export function previousIdOf(request: ApiRequest): string | undefined {
  const member = previousIdMember(request);
  if (member === undefined) return undefined;
  const id = parseJson(request.json.toString('utf8', member.valueStart, member.valueEnd));
  return typeof id === 'string' ? id : undefined;
}

/** Where the id stands in the body. */
export function previousIdMember({ api, json }: ApiRequest): JsonMember | undefined {
  const { chainKey } = codecOf(api).request;
  if (chainKey === undefined) return undefined;
  return topLevelMembers(json).findLast(({ key }) => key === chainKey);
}
