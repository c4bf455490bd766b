import type { ApiRequest } from '../kernel/exchange.ts';
import type { RawHeaders } from '../kernel/headers.ts';
import { withMember } from './json/member-value.ts';

/** The request for another model; every other byte stays. Codex repeats the model in a header, which is changed with it. */
export function withModel(request: ApiRequest, model: string): ApiRequest {
  const changed = withMember(request, 'model', model);
  return {
    ...changed,
    head: { ...changed.head, model },
    headers: withRoutingHint(changed.headers, model),
  };
}

function withRoutingHint(headers: RawHeaders, model: string): RawHeaders {
  return headers.map((value, i) =>
    i % 2 === 1 && headers[i - 1]?.toLowerCase() === 'x-codex-routing-hint'
      ? value.replace(/model=[^;,\s]*/, () => `model=${model}`)
      : value,
  );
}
