import type { ApiRequest } from '../kernel/exchange.ts';
import { isJsonObject } from '../kernel/json-object.ts';
import { codecOf } from './apis/codec-of.ts';
import { topLevelMembers } from './json/json-members.ts';

/** Whether the answer is to be JSON, for a program to read: nothing can be said beside it. */
export function asksForJson({ api, json }: ApiRequest): boolean {
  const { formatKeys } = codecOf(api).request;
  return topLevelMembers(json).some(({ key, valueStart, valueEnd }) => {
    if (!formatKeys.includes(key)) return false;
    const value: unknown = JSON.parse(json.toString('utf8', valueStart, valueEnd));
    const format = isJsonObject(value) && isJsonObject(value['format']) ? value['format'] : value;
    return isJsonObject(format) && typeof format['type'] === 'string' && format['type'] !== 'text';
  });
}
