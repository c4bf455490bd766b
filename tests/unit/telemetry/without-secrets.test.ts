import { expect, test } from '@jest/globals';
import { createSecretRemover } from '../../../middleware/platform/telemetry/without-secrets.ts';

test('a secret that another one begins with leaves nothing of that one, in whatever order we hold them [SEC-1]', () => {
  const held = ['sk-secret', 'sk-secret-of-team', 'sk-secret-of'];
  for (const secrets of [held, held.toReversed()]) {
    const remove = createSecretRemover({ held: () => secrets, shapes: false });
    expect(remove('sk-secret-of-team and sk-secret')).toBe('[redacted:key] and [redacted:key]');
  }
});

test('what is too short for a secret stays where it stands in words [SEC-1]', () => {
  const remove = createSecretRemover({ held: () => [undefined, 'secret'], shapes: false });
  expect(remove('no secrets')).toBe('no secrets');
});

test.each([
  ['a soft hyphen', '\u00AD'],
  ['a zero width space', '\u200B'],
  ['a carriage return', '\r'],
  ['a change of direction', '\u202E'],
  ['a tag', '\u{E0041}'],
])(
  'a secret with %s in it is taken out, whether it is held or only looks like one [SEC-1]',
  (_what, letter) => {
    const remove = createSecretRemover({ held: () => ['sk-secret-of-team'], shapes: true });
    const [held, token] = ['sk-secret-of-team', 'ghp_ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'].map(
      (secret) => secret.slice(0, 9) + letter + secret.slice(9),
    );
    expect(remove(`a ${String(held)} b ${String(token)} c`)).toBe(
      'a [redacted:key] b [redacted:github-token] c',
    );
  },
);

test('what is not seen stays where no secret hides behind it [SEC-1]', () => {
  const remove = createSecretRemover({ held: () => ['sk-secret-of-team'], shapes: true });
  expect(remove('a\u00ADb \u{1F468}\u200D\u{1F469} c\r\n')).toBe('a\u00ADb \u{1F468}\u200D\u{1F469} c\r\n');
  expect(remove('a\u00ADb sk-secret-of-team')).toBe('a\u00ADb [redacted:key]');
});
