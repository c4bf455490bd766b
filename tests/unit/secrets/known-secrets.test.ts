import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { createKnownKeyRemover } from '../../../middleware/platform/secrets/upstream-words.ts';

const folder = mkdtempSync(join(tmpdir(), 'known-secrets-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('keys of a file that cannot be looked at any more stay secrets, and lines go on [SEC-1]', () => {
  const [configFile, masterKeyFile] = [join(folder, 'litellm.yaml'), join(folder, 'master-key')];
  writeFileSync(masterKeyFile, 'sk-made-up-master');
  let now = 0;
  const clean = createKnownKeyRemover({
    config: { litellm: { configFile, masterKeyFile } as never, providers: [] },
    env: {},
    now: () => now,
  });
  expect(clean('a sk-made-up-master b')).toBe('a [redacted:key] b');
  rmSync(masterKeyFile);
  symlinkSync(masterKeyFile, masterKeyFile);
  now += 10_000;
  expect(clean('a sk-made-up-master b')).toBe('a [redacted:key] b');
});
