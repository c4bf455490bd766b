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
