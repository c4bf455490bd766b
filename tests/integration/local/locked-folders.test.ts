import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { OwnFolder } from '../../../middleware/platform/store/own-folder.ts';
import { removeFolder } from '../../../middleware/platform/store/remove-folder.ts';
import { collectedLog } from '../../support/collected-log.ts';

const isRoot = process.getuid?.() === 0;

let parent: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'codex-plus-locked-'));
});

afterEach(() => {
  if (isRoot) process.seteuid?.(0);
  execFileSync('chmod', ['-R', 'u+rwX', parent]);
  // What is too deep for a path as well.
  execFileSync('rm', ['-rf', parent]);
});

/** Until the test ends this process is one of a user for whom modes count. */
function leaveRoot(): void {
  if (!isRoot) return;
  const nobody = 65_534;
  chownSync(parent, nobody, nobody);
  process.seteuid?.(nobody);
}

/** Its owner may not look into it. */
function makeLocked(folder: string): void {
  mkdirSync(join(folder, 'a', 'b'), { recursive: true });
  writeFileSync(join(folder, 'a', 'b', 'file'), '');
  chmodSync(join(folder, 'a', 'b'), 0o500);
  chmodSync(join(folder, 'a'), 0);
}

/** A folder of an instance that is gone. */
function makeLeft(name = '01234567-89ab-4cde-8f01-23456789abcd'): string {
  const left = join(parent, `of-${name}`);
  mkdirSync(left);
  writeFileSync(`${left}.lock`, '');
  return left;
}

/** With paths that are longer than any call of the system takes. */
function makeDeep(folder: string): void {
  const name = 'x'.repeat(250);
  execFileSync('sh', ['-c', `for i in $(seq 20); do mkdir ${name} && cd -P ${name} || exit 1; done`], {
    cwd: folder,
  });
}

describe('a folder to which a program took the rights', () => {
  test('is removed, and what a link in it names stays as it is [API-3]', async () => {
    leaveRoot();
    const folder = join(parent, 'turn');
    const elsewhere = join(parent, 'elsewhere');
    mkdirSync(elsewhere, { mode: 0o500 });
    makeLocked(folder);
    symlinkSync(elsewhere, join(folder, 'link'));
    await removeFolder(folder);
    expect(existsSync(folder)).toBe(false);
    expect(statSync(elsewhere).mode & 0o777).toBe(0o500);
  });

  test('goes with its turn, with its instance and with the next start [API-3]', async () => {
    leaveRoot();
    const { log, lines } = collectedLog();
    makeLocked(makeLeft());
    const own = new OwnFolder(parent, log);
    await own.take();
    const turn = await own.makeWithin('turn-');
    makeLocked(turn);
    await own.removeWithin(turn);
    expect(readdirSync(own.path)).toEqual([]);
    makeLocked(await own.makeWithin('turn-'));
    await own.close();
    expect(readdirSync(parent)).toEqual(['lock']);
    expect(lines).toEqual([]);
  });
});

describe('what cannot be taken away', () => {
  test('stops no start and is told, and the next start tries it again [API-3]', async () => {
    const { log, lines } = collectedLog();
    const left = makeLeft();
    makeDeep(left);
    for (const own of [new OwnFolder(parent, log), new OwnFolder(parent, log)]) {
      await own.take();
      expect(existsSync(own.path)).toBe(true);
      await own.close();
    }
    const told = { level: 'warn', message: 'a folder for temporary files cannot be taken away', path: left };
    expect(lines).toEqual([expect.objectContaining(told), expect.objectContaining(told)]);
    execFileSync('rm', ['-rf', left]);
    const next = new OwnFolder(parent, log);
    await next.take();
    await next.close();
    expect(readdirSync(parent)).toEqual(['lock']);
  });

  test('stops no turn and no end, and its lock is let go [API-3]', async () => {
    const { log, lines } = collectedLog();
    const own = new OwnFolder(parent, log);
    const turn = await own.makeWithin('turn-');
    makeDeep(turn);
    await own.removeWithin(turn);
    await own.close();
    expect(lines.map(({ path }) => path)).toEqual([turn, own.path]);
    execFileSync('rm', ['-rf', turn]);
    const next = new OwnFolder(parent, log);
    await next.take();
    expect(existsSync(own.path)).toBe(false);
    await next.close();
  });

  test('may be of another user, or a lock that is none [API-3]', async () => {
    const { log, lines } = collectedLog();
    leaveRoot();
    const left = [makeLeft('0'.repeat(36)), makeLeft('1'.repeat(36)), makeLeft('2'.repeat(36))];
    const [foreign = '', noLock = '', noFile = ''] = left.map((path) => `${path}.lock`);
    chmodSync(foreign, 0);
    writeFileSync(noLock, 'not what a lock is'.repeat(100));
    execFileSync('rm', [noFile]);
    mkdirSync(noFile);
    const own = new OwnFolder(parent, log);
    await own.take();
    expect(existsSync(own.path)).toBe(true);
    await own.close();
    expect(lines.map(({ path }) => path).toSorted()).toEqual(left);
  });
});
