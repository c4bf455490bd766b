import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeBody, tooLarge, type TakeBytes } from '../../../middleware/http/read/decode-body.ts';
import { CodexPlusError } from '../../../middleware/kernel/errors.ts';
import { holds } from '../../support/fuzz.ts';

const capped = (maxBytes: number): ReturnType<typeof tooLarge> =>
  tooLarge({ maxBytes, settingName: (setting) => setting });

const encoders = {
  gzip: gzipSync,
  'X-GZIP ': gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
} as const;
const names = Object.keys(encoders) as readonly (keyof typeof encoders)[];
const encoding = fc.constantFrom(...names);
const text = fc
  .array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 })
  .map((parts) => Buffer.concat(parts));
/** Around the sizes at which decoding leaves the event loop, comes in more than one piece, and is refused. */
const large = fc
  .tuple(text, fc.constantFrom(500_000, 524_288, 1_048_576, 1_500_000, 2_097_152), fc.nat({ max: 300 }))
  .map(([start, length, more]) => Buffer.concat([start, Buffer.alloc(length + more, 'xyz')]));
const maxBytes = 1_000;
const maxLargeBytes = 1_600_000;

/** Takes up to a bound, as `server.maxBodyBytes` is one. */
function upTo(most: number): TakeBytes {
  let bytes = 0;
  return (more) => {
    bytes += more;
    return bytes > most ? capped(most) : undefined;
  };
}

async function outcome(raw: Buffer, name: string, most = maxBytes): Promise<Buffer | CodexPlusError> {
  try {
    return await decodeBody(raw, name, upTo(most));
  } catch (error) {
    if (error instanceof CodexPlusError) return error;
    throw error;
  }
}

describe('a body with a content-encoding', () => {
  test('is decoded to what was encoded, or refused for its size', () =>
    holds([text, encoding], async (body, name) => {
      const got = await outcome(encoders[name](body), name);
      if (body.length <= maxBytes) expect(got).toEqual(body);
      else expect(got).toMatchObject({ code: 'body_too_large' });
    }));

  test('that is damaged or cut is refused as damaged, and never decodes to more than the cap', () =>
    holds(
      [text, encoding, fc.nat(), fc.uint8Array({ maxLength: 3 }), fc.nat({ max: 4 })],
      async (body, name, pick, put, cut) => {
        const encoded = encoders[name](body);
        const at = pick % (encoded.length + 1);
        const broken = Buffer.concat([encoded.subarray(0, at), put, encoded.subarray(at + cut)]);
        const got = await outcome(broken, name);
        if (got instanceof CodexPlusError) expect(['body_too_large', 'invalid_body']).toContain(got.code);
        else expect(got.length).toBeLessThanOrEqual(maxBytes);
      },
      200,
    ));

  test('that is large is decoded to what was encoded, or refused for its size', () =>
    holds(
      [large, encoding],
      async (body, name) => {
        const got = await outcome(encoders[name](body), name, maxLargeBytes);
        if (body.length > maxLargeBytes) expect(got).toMatchObject({ code: 'body_too_large' });
        else expect(got instanceof Buffer && got.equals(body)).toBe(true);
      },
      30,
    ));

  test('that is large and damaged or cut is refused as damaged, and never decodes to more than the cap', () =>
    holds(
      [large, encoding, fc.nat(), fc.uint8Array({ maxLength: 3 }), fc.nat({ max: 4 })],
      async (body, name, pick, put, cut) => {
        const encoded = encoders[name](body);
        const at = pick % (encoded.length + 1);
        const broken = Buffer.concat([encoded.subarray(0, at), put, encoded.subarray(at + cut)]);
        const got = await outcome(broken, name, maxLargeBytes);
        if (got instanceof CodexPlusError) expect(['body_too_large', 'invalid_body']).toContain(got.code);
        else expect(got.length).toBeLessThanOrEqual(maxLargeBytes);
      },
      30,
    ));

  test.each(names)(
    'that is large is taken piece by piece, and given up where there is no room: %s',
    async (name) => {
      const encoded = encoders[name](Buffer.alloc(20 << 20));
      const pieces: number[] = [];
      const whole = await decodeBody(encoded, name, (bytes) => {
        pieces.push(bytes);
        return undefined;
      });
      expect(whole.length).toBe(20 << 20);
      expect(Math.max(...pieces)).toBeLessThanOrEqual(1 << 20);
      let asked = 0;
      const refused = decodeBody(encoded, name, (bytes) =>
        (asked += bytes) > 3 << 20 ? capped(1) : undefined,
      );
      await expect(refused).rejects.toMatchObject({ code: 'body_too_large' });
      expect(asked).toBeLessThanOrEqual(4 << 20);
    },
  );

  test('whose name is made up is refused as unsupported, whatever the name is', () =>
    holds([fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString'))], async (name) => {
      const plain = ['', 'identity', ...names.map((known) => known.trim().toLowerCase())];
      if (plain.includes(name.trim().toLowerCase())) return;
      expect(await outcome(Buffer.from('{}'), name)).toMatchObject({ code: 'unsupported_encoding' });
    }));
});
