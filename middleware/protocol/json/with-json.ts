import type { ApiRequest } from '../../kernel/exchange.ts';
import { withoutHeaders } from '../../kernel/headers.ts';

const encodingHeaders = new Set(['content-encoding']);

/** The request with another body, plain JSON whatever the encoding was that it came in. */
export function withJson(request: ApiRequest, json: Buffer, head = request.head): ApiRequest {
  return {
    ...request,
    raw: json,
    json,
    head,
    contentEncoding: undefined,
    headers:
      request.contentEncoding === undefined
        ? request.headers
        : withoutHeaders(request.headers, encodingHeaders),
  };
}
