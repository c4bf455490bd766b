import type { ContentPart, ImageContent } from './model-request.ts';

const start = /^data:([^;,]+)(?:;[^,;]*)*;base64,/;

interface DataUrl {
  readonly mediaType: string;
  /** Base64. */
  readonly data: string;
}

/** What an address holds itself; `undefined` for one of something elsewhere. */
function readDataUrl(url: string): DataUrl | undefined {
  const found = start.exec(url.slice(0, 200));
  if (found === null) return undefined;
  const [prefix, mediaType = ''] = found;
  return { mediaType, data: url.slice(prefix.length) };
}

/** A picture by its address, which may hold the picture itself. */
export function pictureAt(url: string, detail: string | undefined): ImageContent {
  const held = readDataUrl(url);
  return held === undefined
    ? { kind: 'image', mediaType: undefined, data: undefined, url, detail }
    : { kind: 'image', ...held, url: undefined, detail };
}

/** A file in an address; for one that its provider keeps, a text that says so. */
export function fileAt(url: string, name: string | undefined): ContentPart {
  const held = readDataUrl(url);
  return held === undefined
    ? { kind: 'text', text: `[a file that cannot be given to this model: ${name ?? 'unnamed'}]` }
    : { kind: 'file', name, ...held };
}
