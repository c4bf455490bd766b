import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeBody } from '../../../middleware/http/decode-body.ts';
import { CodexPlusError } from '../../../middleware/kernel/errors.ts';
import { holds } from '../../support/fuzz.ts';

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
const maxBytes = 1_000;

async function outcome(raw: Buffer, name: string): Promise<Buffer | CodexPlusError> {
  try {
    return await decodeBody(raw, name, maxBytes);
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

  test('whose name is made up is refused as unsupported, whatever the name is', () =>
    holds([fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString'))], async (name) => {
      const plain = ['', 'identity', ...names.map((known) => known.trim().toLowerCase())];
      if (plain.includes(name.trim().toLowerCase())) return;
      expect(await outcome(Buffer.from('{}'), name)).toMatchObject({ code: 'unsupported_encoding' });
    }));
});
