import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { sweepCopies } from '../../../middleware/features/hooks/run/sweep-copies.ts';
import { composeMiddleware } from '../../support/compose-middleware.ts';
import { until } from '../../support/until.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'codex-plus-copies-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const hoursAgo = (hours: number): Date => new Date(Date.now() - hours * 60 * 60_000);

function copies(name: string, madeAt: Date): string {
  const path = join(folder, 'hook-copies', name);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(folder, 'script.sh'), 'echo');
  symlinkSync(folder, join(path, 'project'));
  utimesSync(path, madeAt, madeAt);
  return path;
}

test('copies that a killed middleware left are removed after a day, and what their links lead to is not', async () => {
  const [old, young] = [copies('run-old', hoursAgo(25)), copies('run-young', hoursAgo(23))];
  await sweepCopies(join(folder, 'hook-copies'), new Date());
  expect([old, young, join(folder, 'script.sh')].map((path) => existsSync(path))).toEqual([
    false,
    true,
    true,
  ]);
});

test('there need be no copies', async () => {
  await expect(sweepCopies(join(folder, 'none'), new Date())).resolves.toBeUndefined();
});

test('the middleware looks for them when it starts', async () => {
  const old = copies('run-old', hoursAgo(25));
  const middleware = await composeMiddleware(undefined, { CODEX_PLUS_STATE_DIR: folder });
  await until(() => !existsSync(old));
  await middleware.close();
});
