import type { ApiRequest } from '../kernel/exchange.ts';
import { isJsonObject } from '../kernel/json-object.ts';
import { topLevelMembers } from './json/json-members.ts';

/** The reasoning effort that a request asks for; `undefined` where it names none. */
export function effortOf(request: ApiRequest): string | undefined {
  switch (request.api) {
    case 'responses':
      return effortIn(valueAt(request, 'reasoning'));
    case 'messages':
      return effortIn(valueAt(request, 'output_config'));
    case 'chat':
      return textOf(valueAt(request, 'reasoning_effort'));
    case 'completions':
      return undefined;
  }
}

function valueAt({ json }: ApiRequest, key: string): unknown {
  // A search in the bytes costs a fifth of a scan.
  if (!json.includes(`"${key}"`)) return undefined;
  const member = topLevelMembers(json).findLast((found) => found.key === key);
  return member === undefined
    ? undefined
    : (JSON.parse(json.toString('utf8', member.valueStart, member.valueEnd)) as unknown);
}

function effortIn(value: unknown): string | undefined {
  return isJsonObject(value) ? textOf(value['effort']) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
