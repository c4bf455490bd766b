import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { codeOf, CodexPlusError } from '../kernel/errors.ts';

type Decoder = (input: Buffer, options: { maxOutputLength: number }) => Buffer;
type AsyncDecoder = (
  input: Buffer,
  options: { maxOutputLength: number; chunkSize: number },
) => Promise<Buffer>;

/** A Map: the name comes from outside, and an object has names of its own. */
const decoders: ReadonlyMap<string, { readonly now: Decoder; readonly later: AsyncDecoder }> = new Map([
  ['gzip', { now: zlib.gunzipSync, later: promisify<Buffer, object, Buffer>(zlib.gunzip) }],
  ['x-gzip', { now: zlib.gunzipSync, later: promisify<Buffer, object, Buffer>(zlib.gunzip) }],
  ['deflate', { now: zlib.inflateSync, later: promisify<Buffer, object, Buffer>(zlib.inflate) }],
  ['br', { now: zlib.brotliDecompressSync, later: promisify<Buffer, object, Buffer>(zlib.brotliDecompress) }],
  ['zstd', { now: zlib.zstdDecompressSync, later: promisify<Buffer, object, Buffer>(zlib.zstdDecompress) }],
]);

/** Bodies that decode to less than this are decoded in place: a thread would cost more than it saves. */
const inPlaceBytes = 512 * 1024;

/**
 * Each piece costs a turn of the event loop: with Node's 16 KiB a body of 128 MiB waits for 8,000 of them, which on a busy loop took
 * a minute.
 */
const laterChunkBytes = 1024 * 1024;

const zstdMagic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/**
 * The body without its content-encoding; the same buffer when it has none. Never holds more than `maxBytes` of output, so
 * a small body that would decode to gigabytes is refused. Large bodies are decoded off the event loop.
 * Throws `unsupported_encoding`, `body_too_large` or `invalid_body`.
 */
export async function decodeBody(
  raw: Buffer,
  contentEncoding: string | undefined,
  maxBytes: number,
): Promise<Buffer> {
  const name = contentEncoding?.trim().toLowerCase() ?? '';
  if (name === '' || name === 'identity') return plainBody(raw);
  const decoder = decoders.get(name);
  if (decoder === undefined) throw unsupported(name);
  try {
    return decoder.now(raw, { maxOutputLength: Math.min(inPlaceBytes, maxBytes) });
  } catch (error) {
    if (!isTooLarge(error)) throw undecodable(name, error);
  }
  try {
    return await decoder.later(raw, { maxOutputLength: maxBytes, chunkSize: laterChunkBytes });
  } catch (error) {
    throw isTooLarge(error) ? tooLarge(maxBytes) : undecodable(name, error);
  }
}

/** The error for a body above the cap. */
export function tooLarge(maxBytes: number): CodexPlusError {
  return new CodexPlusError(
    'body_too_large',
    `the request body is larger than ${maxBytes} bytes; raise server.maxBodyBytes in codex_plus.json to accept it`,
  );
}

function plainBody(raw: Buffer): Buffer {
  if (raw.subarray(0, 4).equals(zstdMagic)) {
    throw new CodexPlusError(
      'unsupported_encoding',
      'the request body is zstd, but there is no "content-encoding: zstd" header; send the header or the plain body',
    );
  }
  return raw;
}

function unsupported(name: string): CodexPlusError {
  const known = [...decoders.keys()].join(', ');
  const what = name.includes(',') ? 'more than one content-encoding' : `the content-encoding "${name}"`;
  return new CodexPlusError(
    'unsupported_encoding',
    `${what} is not supported; send one of: ${known}, or none`,
  );
}

function undecodable(name: string, cause: unknown): CodexPlusError {
  return new CodexPlusError(
    'invalid_body',
    `the request body is not valid ${name}: it is damaged or cut short`,
    {
      cause,
    },
  );
}

function isTooLarge(error: unknown): boolean {
  return codeOf(error) === 'ERR_BUFFER_TOO_LARGE';
}
