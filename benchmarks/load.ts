import { setTimeout as sleep } from 'node:timers/promises';
import { LoadConnection } from './load-connection.ts';
import type { Slice } from './slice.ts';

// A process of its own: plays one slice after the other, as the messages of its parent say.

/** One slice to play. */
export interface Job {
  readonly port: number;
  /** The request as it goes over the wire, in base64. */
  readonly request: string;
  readonly connections: number;
  readonly requests: number;
  readonly limitMs: number;
  readonly rampMs: number;
  readonly pauseMs: number;
  readonly countsFirst: boolean;
}

process.on('message', (job: Job) => {
  void play(job).then((slice) => process.send?.(slice));
});
process.on('disconnect', () => process.exit(0));

async function play(job: Job): Promise<Slice> {
  const slice = { firstUs: [] as number[], delayUs: [] as number[], requests: 0, failures: [] as string[] };
  const request = Buffer.from(job.request, 'base64');
  const connections = await Promise.all(
    Array.from({ length: job.connections }, () => LoadConnection.open(job.port, request)),
  );
  if (!job.countsFirst) await Promise.all(connections.map((connection) => connection.call()));
  let toStart = job.requests;
  const startedAt = performance.now();
  await Promise.all(
    connections.map(async (first, index) => {
      let connection = first;
      if (job.rampMs > 0) await sleep((index * job.rampMs) / job.connections);
      while (toStart > 0 && performance.now() - startedAt < job.limitMs) {
        toStart -= 1;
        if (job.pauseMs > 0) await sleep(job.pauseMs);
        if (!connection.isOpen) connection = await LoadConnection.open(job.port, request);
        const outcome = await connection.call();
        slice.requests += 1;
        if (typeof outcome === 'string') {
          slice.failures.push(outcome);
        } else {
          slice.firstUs.push(outcome.firstUs);
          for (const delay of outcome.delayUs) slice.delayUs.push(delay);
        }
      }
      connection.close();
    }),
  );
  return { ...slice, seconds: (performance.now() - startedAt) / 1_000 };
}
