import { Gauge, type Registry } from 'prom-client';
import { prefix } from './metric-values.ts';

/** How a process of Codex, where it is a model here, is now. */
interface CodexWorkerFigures {
  /** Its place, from 1 on; `undefined`: it has none any more, and ends what it has. */
  readonly place: number | undefined;
  readonly running: number;
  readonly residentBytes: number | undefined;
}

export interface CodexMetrics {
  /** Where to look how they are, whenever somebody asks for the metrics. */
  readonly watchCodexWorkers: (look: () => readonly CodexWorkerFigures[]) => void;
}

/** What is told of the processes of Codex. Those that have no place any more are told together. */
export function createCodexMetrics(registry: Registry): CodexMetrics {
  let look = (): readonly CodexWorkerFigures[] => [];
  const gauge = (
    name: string,
    help: string,
    valueOf: (worker: CodexWorkerFigures) => number | undefined,
  ): Gauge<'worker'> =>
    new Gauge({
      ...{ name: prefix + name, help, labelNames: ['worker'] as const, registers: [registry] },
      collect() {
        this.reset();
        for (const worker of look()) {
          const value = valueOf(worker);
          if (value !== undefined) this.labels(worker.place?.toString() ?? 'leaving').inc(value);
        }
      },
    });
  gauge(
    'codex_worker_resident_bytes',
    'Resident memory of a process of Codex',
    ({ residentBytes }) => residentBytes,
  );
  gauge('codex_worker_turns', 'Turns that run in a process of Codex', ({ running }) => running);
  return {
    watchCodexWorkers: (given) => {
      look = given;
    },
  };
}
