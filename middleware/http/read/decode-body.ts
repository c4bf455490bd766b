import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { codeOf, CodexPlusError } from '../../kernel/errors.ts';

interface Decoder {
  readonly now: (input: Buffer, options: { maxOutputLength: number }) => Buffer;
  readonly later: (options: { chunkSize: number }) => Transform;
}

/** Counts decoded bytes before more of them are made; the error for the client where there is no room for them. */
export type TakeBytes = (bytes: number) => CodexPlusError | undefined;

const gzip: Decoder = { now: zlib.gunzipSync, later: zlib.createGunzip };

/** A Map: the name comes from outside, and an object has names of its own. */
const decoders: ReadonlyMap<string, Decoder> = new Map([
  ['gzip', gzip],
  ['x-gzip', gzip],
  ['deflate', { now: zlib.inflateSync, later: zlib.createInflate }],
  ['br', { now: zlib.brotliDecompressSync, later: zlib.createBrotliDecompress }],
  ['zstd', { now: zlib.zstdDecompressSync, later: zlib.createZstdDecompress }],
]);

/** Bodies that decode to less than this are decoded in place: a thread would cost more than it saves. */
const inPlaceBytes = 512 * 1024;

/**
 * Each piece costs a turn of the event loop: with Node's 16 KiB a body of 128 MiB waits for 8,000 of them, which on
 * a busy loop took a minute.
 */
const laterChunkBytes = 1024 * 1024;

const zstdMagic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/**
 * The body without its content-encoding; the same buffer when it has none, of which nothing is taken. Each piece is
 * taken as it is decoded, so that a small body that would decode to gigabytes is given up where there is no room
 * for it, however many come at once. Large bodies are decoded off the event loop. Throws `unsupported_encoding`,
 * `invalid_body`, or what `take` gives.
 */
export async function decodeBody(
  raw: Buffer,
  contentEncoding: string | undefined,
  take: TakeBytes,
): Promise<Buffer> {
  const name = contentEncoding?.trim().toLowerCase() ?? '';
  if (name === '' || name === 'identity') return plainBody(raw);
  const decoder = decoders.get(name);
  if (decoder === undefined) throw unsupported(name);
  const small = decodedNow(raw, name, decoder);
  if (small === undefined) return decodedLater(raw, name, { decoder, take });
  const fault = take(small.length);
  if (fault !== undefined) throw fault;
  return small;
}

/** `undefined` for what is too large for that. */
function decodedNow(raw: Buffer, name: string, decoder: Decoder): Buffer | undefined {
  try {
    return decoder.now(raw, { maxOutputLength: inPlaceBytes });
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') return undefined;
    throw undecodable(name, error);
  }
}

async function decodedLater(
  raw: Buffer,
  name: string,
  { decoder, take }: { readonly decoder: Decoder; readonly take: TakeBytes },
): Promise<Buffer> {
  const stream = decoder.later({ chunkSize: laterChunkBytes });
  const chunks: Buffer[] = [];
  let fault: CodexPlusError | undefined;
  try {
    stream.end(raw);
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      fault = take(chunk.length);
      // Leaving the loop ends the decoder.
      if (fault !== undefined) break;
      chunks.push(chunk);
    }
  } catch (error) {
    throw undecodable(name, error);
  }
  if (fault !== undefined) throw fault;
  return Buffer.concat(chunks);
}

interface CappedBody {
  readonly maxBytes: number;
  /** How whoever runs this knows a setting of `server`. */
  readonly settingName: (setting: string) => string;
}

/** The error for a body above the cap. */
export function tooLarge({ maxBytes, settingName }: CappedBody): CodexPlusError {
  return new CodexPlusError(
    'body_too_large',
    `the request body is larger than ${maxBytes} bytes; raise ${settingName('maxBodyBytes')} to accept it`,
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
