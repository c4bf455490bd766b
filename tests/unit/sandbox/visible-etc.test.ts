import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { deniedIn } from '../../../middleware/upstreams/codex/visible-etc.ts';

let etc: string;

beforeEach(() => {
  etc = mkdtempSync(join(tmpdir(), 'visible-etc-'));
});

afterEach(() => {
  rmSync(etc, { recursive: true });
});

function has(path: string): void {
  mkdirSync(dirname(join(etc, path)), { recursive: true });
  writeFileSync(join(etc, path), '');
}

test('of a machine commands get what programs look up, and nothing else', async () => {
  for (const path of ['shadow', 'passwd', 'codex-plus/config.json', 'ssh/ssh_host_rsa_key', 'npmrc'])
    has(path);
  for (const path of ['ssl/private/key.pem', 'ssl/certs/ca.pem', 'ssl/openssl.cnf']) has(path);
  for (const path of ['python3.11/sitecustomize.py', 'java-17-openjdk/security/java.security']) has(path);
  symlinkSync('../usr/lib/rmt', join(etc, 'rmt'));
  const denied = (await deniedIn(etc)).map((path) => relative(etc, path));
  expect(denied.sort()).toEqual(['codex-plus', 'npmrc', 'shadow', 'ssh', 'ssl/private']);
});
