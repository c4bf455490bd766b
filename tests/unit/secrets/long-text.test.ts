import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createWordsCleaner } from '../../../middleware/platform/secrets/upstream-words.ts';
import { LongText } from '../../../middleware/upstreams/words/long-text.ts';
import { holds } from '../../support/fuzz.ts';
import { growsLinearly } from '../../support/grows-linearly.ts';

const known = 'Zq7/own, key="of us" x';
const issued = `sk-ant-api03-${'Ab3dEf9hIj'.repeat(9)}`;
const pem = `-----BEGIN PRIVATE KEY-----\n${`${'MIIEvQIBADANBgkq'.repeat(4)}\n`.repeat(26)}-----END PRIVATE KEY-----`;

/** Each is taken out of a text as a whole. */
const secrets: readonly string[] = [
  ...[
    known,
    JSON.stringify(known),
    issued,
    pem,
    `AIza${'x1'.repeat(18)}`,
    `eyJhbGciOi.${'e30'.repeat(40)}.abc`,
  ],
  `aws_secret_access_key = "${'wJalr/XUtn'.repeat(4)}"`,
  ...[
    'http://127.0.0.1:4000/v1/messages',
    'https://me:pw@models.inside.example/api/x',
    'host="10.1.2.3", port=8000',
  ],
];

const clean = createWordsCleaner({
  known: () => ({
    keys: [known],
    addresses: ['http://10.1.2.3:8000/v1', 'https://models.inside.example/api'],
  }),
  litellmUrl: 'http://127.0.0.1:4000',
  reached: () => [],
});

function through(pieces: readonly (string | Buffer)[]): string {
  const text = new LongText(clean);
  const passed = pieces.map((piece) => text.take(Buffer.from(piece)));
  return Buffer.concat([...passed, text.rest()]).toString();
}

/** The text in pieces that end at the given places. */
function cutAt(text: string, places: readonly number[]): readonly Buffer[] {
  const bytes = Buffer.from(text);
  const ends = [...new Set([...places, bytes.length])].sort((one, other) => one - other);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

/** What is looked through at once, with what waits behind it. */
const pieceBytes = 80 * 1024;

describe('[SEC-3] an error that is too long to be held has no secrets', () => {
  test.each(secrets.map((secret) => [secret.slice(0, 30), secret]))(
    'wherever its pieces are cut: %j',
    (_name, secret = '') => {
      const places = [1, 2, 7, secret.length >> 1, secret.length - 1];
      const steps = Math.max(1, Math.ceil(secret.length / 10));
      for (let at = 0; at <= secret.length; at += steps) places.push(at);
      for (const filler of ['x ', 'x']) {
        // As it was found: where a first piece ends in the midst of it, and where what waits behind that begins.
        for (const begin of [pieceBytes, pieceBytes - 16 * 1024])
          for (const place of places) {
            const before = filler.repeat(Math.ceil((begin - place) / filler.length));
            const text = `${before} ${secret} ${filler.repeat(9_000)}`;
            const cut = before.length + 1 + place;
            expect(through(cutAt(text, [cut])) === clean(text)).toBe(true);
          }
      }
    },
  );

  test('nor in pieces of any size, with any number of them', async () => {
    const word = fc.oneof(
      fc.constantFrom(...secrets, 'ü', ' ', '-', '"', '/'),
      fc
        .tuple(fc.constantFrom('x ', 'word, ', 'ä', 'x'), fc.nat(30_000))
        .map(([filler, size]) => filler.repeat(size / filler.length)),
    );
    // Each with a place in it at which it may be cut.
    const parts = fc.array(fc.tuple(word, fc.nat(100)), { minLength: 5, maxLength: 30 });
    await holds(
      [parts],
      (chosen) => {
        const places: number[] = [];
        let text = '';
        for (const [said, place] of chosen) {
          places.push(Buffer.byteLength(text) + Math.min(place, Buffer.byteLength(said)));
          text += said;
        }
        expect(through(cutAt(text, places)) === clean(text)).toBe(true);
      },
      60,
    );
  });

  test('nor where it looks like one key all along', () => {
    const endless = `sk-${'x'.repeat(200_000)}`;
    expect(through([endless, ' and the rest'])).toBe('[redacted:api-key] and the rest');
    expect(through(Array<string>(20).fill('x'.repeat(50_000)))).toBe('x'.repeat(1_000_000));
  });

  test('and is looked through in a time that grows with its length', async () => {
    for (const filler of ['x ', 'sk-'])
      await growsLinearly(
        (size) => Array<string>(size).fill(filler.repeat(Math.ceil(1_000 / filler.length))),
        through,
        100,
      );
  });
});
