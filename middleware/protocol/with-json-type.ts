import { withoutHeaders, type RawHeaders } from '../kernel/headers.ts';

const typeHeaders = new Set(['content-type']);
const json = /^application\/json *(?:;|$)/i;

/**
 * The headers of a body that was read as JSON, with a content-type that says so: an upstream that reads the same bytes as a form
 * would find another model, other words and other keys in them. The same list where nothing says otherwise.
 */
export function withJsonType(headers: RawHeaders): RawHeaders {
  let types = 0;
  let isJson = true;
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i];
    if (name?.length !== 12 || name.toLowerCase() !== 'content-type') continue;
    types += 1;
    isJson &&= json.test(headers[i + 1] ?? '');
  }
  if (types === 0 || (types === 1 && isJson)) return headers;
  return [...withoutHeaders(headers, typeHeaders), 'content-type', 'application/json'];
}
