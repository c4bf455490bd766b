import type { RawHeaders } from '../../kernel/headers.ts';

/** What impit adds for its browser; an empty value takes a header out again. */
const browserHeaders = [
  'accept',
  'accept-language',
  'priority',
  'sec-ch-ua',
  'sec-ch-ua-mobile',
  'sec-ch-ua-platform',
  'sec-fetch-dest',
  'sec-fetch-mode',
  'sec-fetch-site',
  'sec-fetch-user',
  'te',
  'upgrade-insecure-requests',
  'user-agent',
];

/** What impit decodes by itself, whatever was asked for. */
const decoded = new Set(['gzip', 'br', 'zstd', 'deflate']);

/**
 * Request headers for impit: the given ones in their order, none of a browser's. impit keeps one of each name, so repeated
 * ones are joined; and it decodes answers, so none that are encoded are asked for.
 */
export function requestHeadersForImpit(headers: RawHeaders): [string, string][] {
  const joined = new Map<string, string>();
  for (let i = 0; i < headers.length; i += 2) {
    const name = (headers[i] ?? '').toLowerCase();
    const value = asText(headers[i + 1] ?? '');
    const before = joined.get(name);
    joined.set(name, before === undefined ? value : `${before}${name === 'cookie' ? '; ' : ', '}${value}`);
  }
  joined.set('accept-encoding', 'identity');
  for (const name of browserHeaders) if (!joined.has(name)) joined.set(name, '');
  return [...joined];
}

/** An answer's headers from impit, without what no longer holds of a body that it has decoded. */
export function answerHeadersFromImpit(headers: Headers): string[] {
  const wasDecoded = decoded.has(headers.get('content-encoding')?.toLowerCase() ?? '');
  return [...headers]
    .filter(([name]) => !wasDecoded || (name !== 'content-encoding' && name !== 'content-length'))
    .flat();
}

/** impit writes text as UTF-8; a header's characters are its bytes. */
function asText(value: string): string {
  return Buffer.from(value, 'latin1').toString();
}
