import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { OwnFolder } from '../../../middleware/platform/store/own-folder.ts';
import { collectedLog } from '../../support/collected-log.ts';
import { composeMiddleware, rootDir } from '../../support/compose-middleware.ts';
import { makeTestFolder } from '../../support/start-middleware.ts';
import { until } from '../../support/until.ts';

let parent: string;
const { log } = collectedLog();
const children: ChildProcess[] = [];

beforeEach(async () => {
  parent = await makeTestFolder('own-folder');
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(parent, { recursive: true, force: true });
});

/** Another process that has a folder here. */
async function another(): Promise<{
  readonly path: string;
  readonly makeAnother: () => void;
  readonly kill: () => Promise<void>;
}> {
  const child = spawn(process.execPath, [join(rootDir, 'tests', 'support', 'holds-folder.ts'), parent], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    path: line.toString().trim(),
    makeAnother: () => {
      child.stdin.write('\n');
    },
    kill: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

describe('a folder of an instance', () => {
  test('goes with the next start where its process was killed, and stays while that runs [API-3]', async () => {
    const [killed, running] = await Promise.all([another(), another()]);
    await killed.kill();
    expect(existsSync(join(killed.path, 'left'))).toBe(true);
    const own = new OwnFolder(parent, log);
    const beside = new OwnFolder(parent, log);
    await Promise.all([own.take(), beside.take()]);
    expect(existsSync(killed.path)).toBe(false);
    expect([running.path, own.path, beside.path].map((path) => existsSync(path))).toEqual([true, true, true]);
    await Promise.all([own.close(), beside.close()]);
    await running.kill();
    const last = new OwnFolder(parent, log);
    await last.take();
    await last.close();
    expect(readdirSync(parent)).toEqual(['lock']);
  });

  test('can be asked for again where it could not be made [API-3]', async () => {
    const file = join(parent, 'file');
    writeFileSync(file, '');
    const own = new OwnFolder(file, log);
    await expect(own.take()).rejects.toThrow(/EEXIST|ENOTDIR/);
    await rm(file);
    await own.take();
    expect(existsSync(own.path)).toBe(true);
    await own.close();
  });
});

describe('what whoever tidies up took away', () => {
  const makes = async (own: OwnFolder): Promise<void> => {
    const made = await Promise.all([own.makeWithin('turn-'), own.makeWithin('turn-')]);
    expect(made.map((path) => existsSync(path))).toEqual([true, true]);
    expect(existsSync(`${own.path}.lock`)).toBe(true);
  };

  test('is made again, with all that it is in [API-3]', async () => {
    const own = new OwnFolder(join(parent, 'state', 'work'), log);
    await own.take();
    await makes(own);
    for (const taken of [own.path, join(parent, 'state', 'work'), join(parent, 'state')]) {
      await rm(taken, { recursive: true });
      await makes(own);
    }
    await own.close();
    expect(readdirSync(join(parent, 'state', 'work'))).toEqual(['lock']);
  });

  test('goes with the next start as well where its process was killed [API-3]', async () => {
    const holder = await another();
    await rm(parent, { recursive: true });
    holder.makeAnother();
    await until(() => existsSync(join(holder.path, 'left')));
    const own = new OwnFolder(parent, log);
    await own.take();
    expect(existsSync(holder.path)).toBe(true);
    await own.close();
    await holder.kill();
    const next = new OwnFolder(parent, log);
    await next.take();
    expect(existsSync(holder.path)).toBe(false);
    await next.close();
  });
});

test('the start takes away what turns left whose middleware was killed [API-3]', async () => {
  const left = join(parent, 'of-01234567-89ab-4cde-8f01-23456789abcd');
  await mkdir(join(left, 'turn-abc'), { recursive: true });
  writeFileSync(`${left}.lock`, '');
  const strange = join(parent, 'of-me');
  await mkdir(strange);
  const middleware = await composeMiddleware(undefined, {
    ...{ CODEX_PLUS_CODEX_ENABLED: 'true', CODEX_PLUS_CODEX_WORK_DIR: parent },
  });
  try {
    await until(() => !existsSync(left));
    expect(existsSync(strange)).toBe(true);
  } finally {
    await middleware.close();
  }
});
