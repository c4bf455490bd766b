import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Bench } from '../bench.ts';
import type { Scenario } from '../scenarios.ts';
import { selfTimes, type CpuProfile } from './cpu-profile.ts';

interface ProfileOptions {
  readonly rootDir: string;
  readonly rounds: number;
  readonly env: Readonly<Record<string, string>>;
  readonly settings: string | undefined;
  readonly mcpServers: number;
}

/** What a middleware did in a scenario. */
export interface Profiled {
  readonly requests: number;
  /** In microseconds, by function. */
  readonly selfUs: ReadonlyMap<string, number>;
}

const sampleEveryUs = 100;

/** Plays a scenario with every middleware profiled, by its name. The time of warming up is left out. */
export async function runProfile(
  scenario: Scenario,
  { rounds, ...options }: ProfileOptions,
): Promise<ReadonlyMap<string, Profiled>> {
  const { rootDir } = options;
  mkdirSync(join(rootDir, '.state'), { recursive: true });
  const folder = mkdtempSync(join(rootDir, '.state', 'profile-'));
  const nodeArgs = [
    ...['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-interval=${sampleEveryUs}`],
    `--cpu-prof-name=\${pid}.cpuprofile`,
  ];
  try {
    const bench = new Bench({ ...options, nodeArgs, peers: 'none' });
    const pids = new Map<string, number>();
    const slices = await bench
      .run({ ...scenario, freshTargets: false }, rounds, ({ name, pid }) => pids.set(name, pid))
      .finally(() => bench.close());
    return new Map(
      [...pids].flatMap(([name, pid]) => {
        const file = readdirSync(folder).find((each) => each === `${pid}.cpuprofile`);
        if (file === undefined) return [];
        const profile = JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile;
        const spans = slices.get(name) ?? [];
        const requests = spans.reduce((sum, slice) => sum + slice.requests, 0);
        return [[name, { requests, selfUs: selfTimes(profile, spans, rootDir) }] as const];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
