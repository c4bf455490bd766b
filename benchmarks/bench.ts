import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCodexRequest } from './codex-request.ts';
import type { Job } from './load.ts';
import { cpuSecondsOf, residentKbOf } from './process-figures.ts';
import { scriptedPath } from './script.ts';
import type { Scenario } from './scenarios.ts';
import type { MeasuredSlice, Slice, WatchedSlice } from './slice.ts';
import type { Target } from './processes.ts';
import { startTargets, type Targets } from './targets.ts';

/** The slices of a scenario by target, one for each round, in the order of the rounds. */
export type Slices = ReadonlyMap<string, readonly WatchedSlice[]>;

interface BenchOptions {
  readonly rootDir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly settings: string | undefined;
  readonly mcpServers: number;
  readonly nodeArgs: readonly string[];
  readonly peers: 'none' | 'plain' | 'all';
}

/** Requests to every fresh target that are not counted: what runs for hours is measured compiled and not interpreted. */
const warmUp = { connections: 16, requests: 4_000, limitMs: 4_000 } as const;
/** Where memory is measured: enough to load what is loaded late, too few to grow anything. */
const lightWarmUp = { connections: 4, requests: 300, limitMs: 4_000 } as const;
/** Time in which a process gives back what a scenario left, before its memory is read: V8 waits for twenty seconds without work. */
const settleMs = 25_000;
const memoryStepMs = 50;

/** Runs scenarios against targets that it starts and ends. */
export class Bench {
  readonly #options: BenchOptions;
  readonly #load: ChildProcess;
  #targets: Targets | undefined;

  constructor(options: BenchOptions) {
    this.#options = options;
    this.#load = fork(join(options.rootDir, 'benchmarks/load.ts'), { stdio: 'inherit' });
  }

  /**
   * Plays a scenario. In every round each target has its turn, in another order each time: what the machine does beside it
   * meets them all alike.
   */
  async run(
    scenario: Scenario,
    rounds: number,
    onTarget: (target: Target) => void = () => undefined,
  ): Promise<Slices> {
    const slices = new Map<string, WatchedSlice[]>();
    for (let round = 0; round < rounds; round += 1) {
      const { list } = await this.#targetsFor(scenario);
      for (const target of list) {
        onTarget(target);
        if (!slices.has(target.name)) slices.set(target.name, []);
      }
      for (const target of shuffled(list)) slices.get(target.name)?.push(await this.#watch(scenario, target));
    }
    return slices;
  }

  async close(): Promise<void> {
    if (this.#load.connected) this.#load.disconnect();
    await this.#targets?.stop();
  }

  async #targetsFor(scenario: Scenario): Promise<Targets> {
    if (this.#targets !== undefined && !scenario.freshTargets) return this.#targets;
    await this.#targets?.stop();
    const targets = await startTargets(this.#options);
    this.#targets = targets;
    const limits = scenario.freshTargets ? lightWarmUp : warmUp;
    for (const target of targets.list) {
      for (const events of [0, 20]) {
        await this.#play(
          { ...scenario, ...limits, script: { events, firstMs: 0, gapMs: 0 }, rampMs: 0, pauseMs: 0 },
          target,
        );
      }
    }
    if (scenario.freshTargets) await sleep(settleMs);
    return targets;
  }

  async #watch(scenario: Scenario, target: Target): Promise<WatchedSlice> {
    const fromUs = monotonicUs();
    const watched = await this.#watchMemory(scenario, target);
    return { ...watched, fromUs, untilUs: monotonicUs() };
  }

  async #watchMemory(scenario: Scenario, target: Target): Promise<MeasuredSlice> {
    const cpuBefore = cpuSecondsOf(target.pid);
    if (!scenario.freshTargets) {
      const slice = await this.#play(scenario, target);
      return { ...slice, cpuSeconds: difference(cpuSecondsOf(target.pid), cpuBefore), memory: undefined };
    }
    const beforeKb = residentKbOf(target.pid);
    let peakKb = 0;
    const sampling = setInterval(() => {
      peakKb = Math.max(peakKb, residentKbOf(target.pid) ?? 0);
    }, memoryStepMs);
    const slice = await this.#play(scenario, target);
    clearInterval(sampling);
    await sleep(settleMs);
    const afterKb = residentKbOf(target.pid);
    const memory =
      beforeKb === undefined || afterKb === undefined ? undefined : { beforeKb, peakKb, afterKb };
    return { ...slice, cpuSeconds: difference(cpuSecondsOf(target.pid), cpuBefore), memory };
  }

  async #play(scenario: Scenario, { port, headersFor, modelFor }: Target): Promise<Slice> {
    const { bodyBytes, beginsTurn, script, connections, ...pace } = scenario;
    const { headerLines, body } = createCodexRequest(this.#options.rootDir, {
      bytes: bodyBytes,
      stream: script.events > 0,
      beginsTurn,
      model: modelFor?.(script),
    });
    const head = `POST ${scriptedPath(script)} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n${headersFor?.(script) ?? ''}${headerLines}content-length: ${body.length}\r\n\r\n`;
    const request = Buffer.concat([Buffer.from(head, 'latin1'), body]).toString('base64');
    const { requests, limitMs, rampMs, pauseMs, countsFirst } = pace;
    const job: Job = { port, request, connections, requests, limitMs, rampMs, pauseMs, countsFirst };
    this.#load.send(job);
    const waiting = new AbortController();
    try {
      const played = once(this.#load, 'message', { signal: waiting.signal }) as Promise<[Slice]>;
      const ended = once(this.#load, 'exit', { signal: waiting.signal }).then(() => {
        throw new Error('the load generator ended; what it printed above says why');
      });
      const [slice] = await Promise.race([played, ended]);
      return slice;
    } finally {
      waiting.abort();
    }
  }
}

/** The clock of CPU profiles. */
function monotonicUs(): number {
  return Number(process.hrtime.bigint() / 1_000n);
}

function difference(after: number | undefined, before: number | undefined): number | undefined {
  return after === undefined || before === undefined ? undefined : after - before;
}

function shuffled(list: readonly Target[]): Target[] {
  return list
    .map((target) => ({ target, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ target }) => target);
}
