import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import { Bench } from './bench.ts';
import { readOptions, usage, type Options } from './options.ts';
import { tableOf } from './table.ts';

const rootDir = dirname(import.meta.dirname);

try {
  await run(readOptions(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.error(usage);
  process.exitCode = 1;
}

async function run({ scenarios, rounds, jsonFile, env, settings, mcpServers }: Options): Promise<void> {
  console.log(
    `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${rounds} rounds`,
  );
  console.log(
    '+ is what a target adds to a direct call; × stands to the bare pipe, in brackets the middle half of the rounds',
  );
  const bench = new Bench({ rootDir, env, settings, mcpServers });
  const results: Record<string, unknown> = {};
  try {
    for (const scenario of scenarios) {
      const slices = await bench.run(scenario, Math.min(rounds, scenario.mostRounds));
      console.log(tableOf(scenario, slices));
      results[scenario.name] = Object.fromEntries(slices);
    }
  } finally {
    await bench.close();
  }
  if (jsonFile !== undefined) writeFileSync(jsonFile, JSON.stringify(results));
}
