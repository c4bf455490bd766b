import { withoutHeaders, type RawHeaders } from '../kernel/headers.ts';

const typeHeaders = new Set(['content-type']);
const json = /^application\/json *(?:;|$)/i;

/** The headers of a model call whose body was read as JSON; the same list where nothing has to change. */
export function modelCallHeaders(headers: RawHeaders): RawHeaders {
  return withJsonType(askingForPlainAnswer(headers));
}

/**
 * An encoded answer is not asked for: nobody could see what it used, whether it ends in the middle, or say so in
 * it. To decode a copy costs 20 to 30 µs an event, more than all else that is done with it, and what an encoding
 * saves on the way is 200 bytes.
 */
function askingForPlainAnswer(headers: RawHeaders): RawHeaders {
  let plain: string[] | undefined;
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i];
    if (name?.length === 15 && name.toLowerCase() === 'accept-encoding')
      (plain ??= [...headers])[i + 1] = 'identity';
  }
  return plain ?? headers;
}

/** An upstream that reads the same bytes as a form would find another model, other words and other keys in them. */
function withJsonType(headers: RawHeaders): RawHeaders {
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
