import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { cleanedResult } from '../../../middleware/features/mcp/definitions/clean-result.ts';
import { changedInPieces, Turns } from '../../../middleware/features/mcp/definitions/in-pieces.ts';
import { withoutControls } from '../../../middleware/features/mcp/definitions/without-controls.ts';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { createSecretRemover } from '../../../middleware/platform/telemetry/without-secrets.ts';

const held = 'sk-ours 0123456789\nin two lines';
const clean = createSecretRemover({ held: () => [held], shapes: true });
const inPieces = (text: string, change = clean): Promise<string> =>
  changedInPieces(text, change, { turns: new Turns() });

const pem = `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEpAIBAAKCAQEA\n'.repeat(200)}-----END RSA PRIVATE KEY-----`;
const jwt = `eyJ${'hbGciOiJIUzI1NiJ9'.repeat(60)}.${'eyJzdWIiOiIxMjM0NTY3ODkwIn0'.repeat(80)}.c2ln`;

describe('a long text that is cleaned in pieces', () => {
  test.each([
    ['a key of ours', held],
    ['a token', 'ghp_0123456789abcdefghijklmnop'],
    ['a private key', pem],
    ['a long token', jwt],
    ['a password', 'https://user:a-password@example.org/'],
    ['a key with letters in it that are not seen', 'ghp_0123456789\u200Babcdefghijklmnop'],
  ])('keeps nothing of %s, wherever it stands [MCP-5] [SEC-3]', async (_, secret) => {
    const step = Math.max(1, Math.floor(secret.length / 12));
    for (let at = 65_536 - secret.length - step; at <= 65_536 + step; at += step) {
      const text = `${'x'.repeat(at - 1)} ${secret} ${'y '.repeat(40_000)}`;
      expect((await inPieces(text)) === clean(text)).toBe(true);
    }
  });

  test('full of secrets comes to the same as at once [MCP-5] [SEC-3]', async () => {
    const text = `${pem} token=ghp_0123456789abcdefghijklmnop ${held} ${jwt}\n`.repeat(60);
    expect((await inPieces(text)) === clean(text)).toBe(true);
  });

  test.each(['😀', '👩🏽‍💻', 'نمی‌خواهم', '\r\n', 'a\u200B'])(
    'of %j keeps its letters whole [MCP-5]',
    async (letters) => {
      for (let before = 0; before < 8; before += 1) {
        const text = 'x'.repeat(before) + letters.repeat(Math.ceil(200_000 / letters.length));
        expect((await inPieces(text, withoutControls)) === withoutControls(text)).toBe(true);
      }
    },
  );
});

test.each([
  ['lines', 'ghp_0123456789abcdefghijklmnop\n'],
  ['words', 'https://user:a-password@example.org/ '],
  ['long lines', `TOKEN=${jwt}\r\n`],
])('%s that are all secrets are looked at in pieces as well [MCP-5] [SEC-3]', async (_, line) => {
  let atOnce = 0;
  const text = line.repeat(Math.ceil(600_000 / line.length));
  const made = await inPieces(text, (piece) => {
    atOnce = Math.max(atOnce, piece.length);
    return clean(piece);
  });
  expect(made === clean(text)).toBe(true);
  expect(atOnce).toBeLessThanOrEqual(65_536 + 16_384);
});

const words = 'nothing that anybody hides\n';
const nineMegabytes = words.repeat(9_000_000 / words.length);
const links = Array.from({ length: 1_000 }, (_, at) => ({
  ...{ type: 'resource_link', name: `n${at}`, uri: `a://${at}` },
  description: words.repeat(330),
}));
const large: readonly (readonly [string, JsonObject])[] = [
  ['a text', { content: [{ type: 'text', text: nineMegabytes }] }],
  ['a resource', { content: [{ type: 'resource', resource: { uri: 'a://b', text: nineMegabytes } }] }],
  ['contents of resources', { contents: [{ uri: 'a://b', text: nineMegabytes }] }],
  ['a message', { messages: [{ role: 'user', content: { type: 'text', text: nineMegabytes } }] }],
  ['structured content', { content: [], structuredContent: { text: nineMegabytes } }],
  ['many values', { content: [], structuredContent: { list: Array(100_000).fill([1, words]) } }],
  ['many links', { content: links }],
  ['an address', { content: [{ type: 'resource_link', name: 'a', uri: nineMegabytes }] }],
];

/** How much is looked at, at once and in all, and how often others had a turn meanwhile. */
async function workOf(
  result: JsonObject,
  maxTokens?: number,
): Promise<{ atOnce: number; inAll: number; turns: number }> {
  const work = { atOnce: 0, inAll: 0, turns: 0 };
  const over = new AbortController();
  const counting = (async () => {
    for (; !over.signal.aborted; work.turns += 1) await nextTurn();
  })();
  const looking = (text: string): string => {
    work.atOnce = Math.max(work.atOnce, text.length);
    work.inAll += text.length;
    return text;
  };
  await cleanedResult(result, looking, maxTokens);
  over.abort();
  await counting;
  return work;
}

/** Between two letters. */
const letters = /(?<=.)(?=.)/;
const resultOf = (text: string): JsonObject => ({ content: [{ type: 'text', text }] });
const textIn = async (text: string, maxTokens?: number): Promise<string> => {
  const { content } = await cleanedResult(resultOf(text), clean, maxTokens);
  return (content as readonly { readonly text: string }[])[0]?.text ?? '';
};

describe('a secret with letters in it that are not seen', () => {
  test.each([
    [
      'many soft hyphens in one place',
      (key: string) => `${key.slice(0, 12)}${'\u00AD'.repeat(40_000)}${key.slice(12)}`,
    ],
    ['some between all letters', (key: string) => key.split(letters).join('\u200B'.repeat(5_000))],
    ['several kinds', (key: string) => key.split(letters).join('\u2066\uFFF9\u034F\u{E0041}'.repeat(1_000))],
    ['more than are looked at', (key: string) => key.split(letters).join('\uFE0F'.repeat(20_000))],
  ])('is kept from everybody, with %s, wherever it stands [MCP-5] [SEC-3]', async (_, hidden) => {
    const key = 'sk-ours-0123456789';
    const secret = hidden(key);
    const remove = createSecretRemover({ held: () => [key], shapes: false });
    for (const before of [0, 1_000, 40_000, 65_525, 65_536, 90_000]) {
      const text = `${'x'.repeat(before)}${secret}${'y '.repeat(40_000)}`;
      const { content } = await cleanedResult(resultOf(text), remove);
      expect(JSON.stringify(content).replaceAll(/[^ -~]/g, '')).not.toContain('0123456789');
      expect(content).toEqual(resultOf(remove(text))['content']);
    }
  });

  test('is kept from everybody where others of its kind stand before it, and no more is shown [MCP-5] [SEC-3]', async () => {
    const hidden = `ghp_0123456789${'\u00AD'.repeat(50_000)}abcdefghijklmnop`;
    const text = `ghp_0123456789\u200Babcdefghijklmnop ${'x'.repeat(40_000)} ${hidden} ${'y '.repeat(400_000)}`;
    for (const maxTokens of [100, 5_000, 11_000, 20_000, 100_000])
      expect((await textIn(text, maxTokens)).replaceAll(/[^ -~]/g, '')).not.toContain('0123456789a');
  });

  test('that is not there leaves such letters where they are [MCP-5]', async () => {
    const text = 'نمی‌خواهم 👩🏽‍💻 ❤️ '.repeat(20_000);
    expect((await textIn(text)) === text).toBe(true);
    const cut = await textIn(text, 10_000);
    expect(text.startsWith(cut)).toBe(true);
    expect(cut.length).toBeGreaterThan(10_000);
  });
});

describe.each(large)('of %s with millions of characters', (_, result) => {
  test('no more is looked at than may be shown [MCP-5]', async () => {
    const { atOnce, inAll } = await workOf(result, 1_000);
    expect(atOnce).toBeLessThanOrEqual(65_536);
    // A piece, and the borders that were tried.
    expect(inAll).toBeLessThan(4 * 65_536);
  });

  test('all is looked at in pieces where all is shown, and others have the loop in between [MCP-5]', async () => {
    const { atOnce, inAll, turns } = await workOf(result);
    expect(atOnce).toBeLessThanOrEqual(65_536);
    expect(inAll).toBeGreaterThan(2_000_000);
    expect(turns).toBeGreaterThan(30);
  });
});
