import type { ApiRequest } from '../kernel/exchange.ts';
import { isJsonObject } from '../kernel/json-object.ts';
import { codecOf } from './apis/codec-of.ts';
import { memberValue, withMember } from './json/member-value.ts';

/** The reasoning effort that a request asks for; `undefined` where it names none. */
export function effortOf({ api, json }: ApiRequest): string | undefined {
  const place = codecOf(api).request.effort;
  // A search in the bytes costs a fifth of a scan.
  if (place === undefined || !json.includes(`"${place.key}"`)) return undefined;
  const value = memberValue(json, place.key);
  const effort = place.isWithin && isJsonObject(value) ? value['effort'] : place.isWithin ? undefined : value;
  return typeof effort === 'string' && effort !== '' ? effort : undefined;
}

/** The request with another reasoning effort, where its API has a place for one that every model takes. */
export function withEffort(request: ApiRequest, effort: string): ApiRequest {
  const place = codecOf(request.api).request.effort;
  if (place?.isForAllModels !== true) return request;
  if (!place.isWithin) return withMember(request, place.key, effort);
  const value = memberValue(request.json, place.key);
  return withMember(request, place.key, { ...(isJsonObject(value) && value), effort });
}
