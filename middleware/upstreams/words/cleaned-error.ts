import { headerValue, withoutHeaders, type RawHeaders } from '../../kernel/headers.ts';
import { answerEncoding } from '../../protocol/answer-kind.ts';
import { cleanText, type CleanWords } from './clean-words.ts';
import { decodedError } from './decoded-error.ts';

/** Errors are short; a longer body is looked through without being understood. */
export const maxErrorBytes = 256 * 1024;

interface ErrorAnswer {
  readonly headers: RawHeaders;
  readonly bytes: Buffer;
}

/** Headers whose values are cleaned. */
export function cleanedHeaders(headers: RawHeaders, clean: CleanWords): RawHeaders {
  return headers.map((part, index) => (index % 2 === 1 ? clean(part) : part));
}

/** The whole body of an error and its headers, cleaned; the same bytes where nothing is to be taken out. `cleanBody`: what of the body is cleaned. */
export function cleanedError(
  { headers, bytes }: ErrorAnswer,
  clean: CleanWords,
  cleanBody = cleanText,
): ErrorAnswer {
  const cleanHeaders = cleanedHeaders(headers, clean);
  const text = decodedError(bytes, answerEncoding(headers))?.toString();
  const cleaned = text === undefined ? undefined : cleanBody(text, clean);
  if (cleaned === undefined || cleaned === text) return { headers: cleanHeaders, bytes };
  const changed = Buffer.from(cleaned);
  const length = headerValue(headers, 'content-length');
  return {
    headers: [
      ...withoutHeaders(cleanHeaders, ofTheBytes),
      ...(length === undefined ? [] : ['content-length', String(changed.length)]),
    ],
    bytes: changed,
  };
}

const ofTheBytes = new Set(['content-length', 'content-encoding']);
