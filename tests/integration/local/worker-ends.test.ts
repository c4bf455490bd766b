import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Worker } from '../../../middleware/upstreams/codex/worker.ts';
import { WorkerPool } from '../../../middleware/upstreams/codex/worker-pool.ts';
import { collectedLog } from '../../support/collected-log.ts';
import { makeTestFolder } from '../../support/start-middleware.ts';
import { scriptedCodex } from '../../support/scripted-codex.ts';

/** It holds more than it may. */
class LargeWorker extends Worker {
  override measure(): Promise<void> {
    this.residentBytes = 101;
    return Promise.resolve();
  }
}

let folder: string;
let started: LargeWorker[];
let collected: ReturnType<typeof collectedLog>;

beforeEach(async () => {
  folder = await makeTestFolder('worker-ends');
  started = [];
  collected = collectedLog();
});

afterEach(async () => {
  await Promise.all(started.map((worker) => worker.stop()));
  await rm(folder, { recursive: true, force: true });
});

function poolOf(turnsPerWorker: number, isReady: Promise<unknown> = Promise.resolve()): WorkerPool {
  const { log } = collected;
  const env = { PATH: process.env['PATH'] };
  return new WorkerPool({
    ...{ size: 1, turnsPerWorker, maxWorkerBytes: 100, maxTurns: 9, maxStreams: 9, log },
    now: () => performance.now(),
    start: async () => {
      const worker = new LargeWorker(
        { file: scriptedCodex, args: [], cwd: folder, env },
        { log, logsMessages: false },
      );
      started.push(worker);
      await worker.untilReady(20_000);
      await isReady;
      return worker;
    },
  });
}

describe('a pool of workers that is closed', () => {
  test('starts none in the place of one that holds too much [API-1]', async () => {
    const pool = poolOf(100);
    const worker = await pool.acquire();
    const closed = pool.close();
    pool.release(worker);
    await closed;
    await worker.ended;
    expect(started).toEqual([worker]);
    await expect(pool.acquire()).rejects.toMatchObject({ code: 'draining' });
  });

  test.each([1, 100])(
    'ends one that becomes ready behind that, gives it to nobody and has none follow it (%s turns each) [API-1]',
    async (turnsPerWorker) => {
      const ready = Promise.withResolvers<undefined>();
      const pool = poolOf(turnsPerWorker, ready.promise);
      const asked = pool.acquire();
      const refused = expect(asked).rejects.toMatchObject({ code: 'draining' });
      const closed = pool.close();
      ready.resolve(undefined);
      await Promise.all([refused, closed]);
      expect(started).toHaveLength(1);
      await started[0]?.ended;
      expect(collected.lines).toEqual([]);
    },
  );
});
