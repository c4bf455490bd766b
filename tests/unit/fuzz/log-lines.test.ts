import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LogFields } from '../../../middleware/kernel/log.ts';
import { visibleJson } from '../../../middleware/kernel/visible-text.ts';
import { jsonLine } from '../../../middleware/platform/telemetry/log-line.ts';
import { redact, redactValue } from '../../../middleware/platform/telemetry/redact.ts';
import { holds } from '../../support/fuzz.ts';

const time = new Date('2026-11-30T10:00:00.000Z');

const secret = fc.constantFrom(
  ...[`sk-${'a1B2'.repeat(6)}`, `ghp_${'a'.repeat(36)}`, 'Bearer abcdefgh1234', 'postgres://user:p4ss@db/x'],
  ...[`AKIA${'ABCD1234'.repeat(2)}`, `at-${'a'.repeat(24)}`],
);
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc
    .tuple(fc.string({ unit: 'grapheme', maxLength: 5 }), secret, fc.string({ maxLength: 5 }))
    .map((parts) => parts.join('')),
  fc.constantFrom(
    '\u001b[2J',
    '\u202e',
    'a\n12:00:00 info  all is well',
    '\ud800',
    'x'.repeat(5_000),
    'gpt-5',
  ),
);
const flat = fc.oneof(text, fc.double(), fc.boolean(), fc.constantFrom(undefined, null, 0, -0));
const nested = fc.oneof(
  fc.array(flat, { maxLength: 3 }),
  fc.dictionary(fc.constantFrom('a', 'token', 'apiKey', 'cookie'), flat, { maxKeys: 3 }),
  text.map((message) => new Error(message, { cause: { message } })),
  fc.bigInt(),
  fc.constant(() => 'a function'),
  fc.constantFrom(Buffer.from('abc'), new Date(0), Symbol('made up')),
);
const name = fc.oneof(
  fc.constantFrom('id', 'model', 'status', 'apiKey', 'Set-Cookie', 'accessToken', 'masterKey', 'inputTokens'),
  fc.constantFrom('time', 'level', 'message', '0', '17', '__proto__', 'toJSON', '://', ''),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const fieldsOf = (value: fc.Arbitrary<unknown>): fc.Arbitrary<LogFields> =>
  fc.dictionary(name, value, { maxKeys: 8 });
const fields = fc.oneof(
  fieldsOf(flat),
  fieldsOf(fc.oneof(flat, nested)),
  // Only what they have themselves counts.
  fieldsOf(flat).map((own) => Object.assign(Object.create({ toJSON: () => ({}) }) as LogFields, own)),
  fc.constantFrom(...[[], new Error('made up'), Object(1)].map((odd) => odd as LogFields)),
  fc.constant(Object.fromEntries(Array.from({ length: 120 }, (_, n) => [`field${n}`, n]))),
);

/** As a line is made without a short way: value by value. */
function expected(message: string, given: LogFields): string {
  const redacted = redactValue({ ...given }) as LogFields;
  const head = { time: '2026-11-30T10:00:00.000Z', level: 'warn', message: redact(message) };
  return visibleJson(JSON.stringify({ ...head, ...redacted }));
}

test('a line is the same, whether one of its fields needs more than to be written or not [OBS-3]', () =>
  holds(
    [text, fields],
    (message, given) => {
      expect(jsonLine({ time, level: 'warn', message, fields: given })).toBe(expected(message, given));
    },
    1_000,
  ));

test('a secret is taken out, whatever of its text is escaped [OBS-3]', () =>
  holds([secret, fc.constantFrom('"', '\n', '\\', '\u2028', '\ud800', '')], (hidden, before) => {
    const line = jsonLine({ time, level: 'warn', message: 'x', fields: { n: 1, said: before + hidden } });
    expect(line).not.toContain(hidden);
    expect(line).toContain('[redacted:');
  }));
