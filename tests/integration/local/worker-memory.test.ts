import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Worker } from '../../../middleware/upstreams/codex/worker.ts';
import { WorkerPool } from '../../../middleware/upstreams/codex/worker-pool.ts';
import { collectedLog } from '../../support/collected-log.ts';
import { makeTestFolder } from '../../support/start-middleware.ts';
import { until } from '../../support/until.ts';
import { scriptedCodex } from '../../support/scripted-codex.ts';

/** A process whose memory is what the test says. */
class SizedWorker extends Worker {
  size = 1;

  override measure(): Promise<void> {
    this.residentBytes = this.size;
    return Promise.resolve();
  }
}

let folder: string;
let pool: WorkerPool;
let log: ReturnType<typeof collectedLog>;
let started: SizedWorker[];

beforeEach(async () => {
  jest.useFakeTimers({
    doNotFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'nextTick', 'performance', 'Date'],
  });
  folder = await makeTestFolder('worker-memory');
  log = collectedLog();
  started = [];
  const env = { PATH: process.env['PATH'] };
  pool = new WorkerPool({
    ...{ size: 1, turnsPerWorker: 100, maxWorkerBytes: 100, maxTurns: 9, maxStreams: 9, log: log.log },
    now: () => performance.now(),
    start: async () => {
      const worker = new SizedWorker(
        { file: scriptedCodex, args: [], cwd: folder, env },
        { log: log.log, logsMessages: false },
      );
      started.push(worker);
      await worker.untilReady(20_000);
      return worker;
    },
  });
});

afterEach(async () => {
  jest.useRealTimers();
  await pool.close();
  await rm(folder, { recursive: true, force: true });
});

/** A worker that has a turn left and was followed by another one. */
async function leaving(): Promise<SizedWorker> {
  await pool.acquire();
  const [worker] = started;
  if (worker === undefined) throw new Error('none was started');
  worker.size = 101;
  pool.release(await pool.acquire());
  await until(() => pool.figures().length === 2);
  expect(pool.figures()).toMatchObject([{ place: 1 }, { pid: worker.pid, place: undefined, running: 1 }]);
  return worker;
}

/** What is looked at now and then. */
async function lookedAt(): Promise<void> {
  jest.advanceTimersByTime(10_000);
  await Promise.resolve();
}

describe('the memory of a worker that was followed by another one', () => {
  test('is told as it is now [API-1]', async () => {
    const worker = await leaving();
    worker.size = 150;
    await lookedAt();
    await until(() => pool.figures()[1]?.residentBytes === 150);
  });

  test('ends it where all together hold twice what those in their places may [API-1]', async () => {
    const worker = await leaving();
    worker.size = 199;
    await lookedAt();
    expect(worker.isKilled).toBe(false);
    worker.size = 200;
    await lookedAt();
    await expect(worker.ended).resolves.toBe('codex app-server held too much memory and was ended');
    await until(() => pool.figures().length === 1);
    expect(pool.figures()).toMatchObject([{ pid: started[1]?.pid, place: 1 }]);
    expect(log.lines.filter(({ level }) => level === 'error')).toMatchObject([
      { pid: worker.pid, running: 1, residentBytes: 200, held: 201, mostBytes: 200 },
    ]);
  });
});
