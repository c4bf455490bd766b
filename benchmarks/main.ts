import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { dirname } from 'node:path';
import { Bench, type Slices } from './bench.ts';
import { runCodex } from './codex/codex-bench.ts';
import { codexTable } from './codex/codex-table.ts';
import { guarded, judge } from './guard.ts';
import { hookScenario, runHooks } from './hooks/hook-bench.ts';
import { hookTable } from './hooks/hook-table.ts';
import { readOptions, usage, type Options } from './options.ts';
import { profileTable } from './profile/profile-table.ts';
import { runProfile } from './profile/run-profile.ts';
import { codexBody, scenarios } from './scenarios.ts';
import { tableOf } from './table.ts';
import { runToolCalls } from './tool-calls/tool-call-bench.ts';
import { toolCallTable } from './tool-calls/tool-call-table.ts';
import { runTranslations, translationScenario, translationTable } from './translation/translation-bench.ts';

const rootDir = dirname(import.meta.dirname);

try {
  await run(readOptions(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.error(usage);
  process.exitCode = 1;
}

async function run(options: Options): Promise<void> {
  const { jsonFile, profiles, guards } = options;
  const rounds = guards ? guarded.rounds : options.rounds;
  console.log(
    `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, load ${loadText()}, ${rounds} rounds`,
  );
  if (profiles) return profile(options);
  if (guards) return guard(options);
  const results = {
    ...(await runScenarios(options)),
    ...(await runCalls(options)),
    ...(await runPrompts(options)),
    ...translate(options),
    ...(await runModel(options)),
  };
  if (jsonFile !== undefined) writeFileSync(jsonFile, JSON.stringify(results));
  console.log(`\nload at the end ${loadText()}`);
}

/** What waits for a processor, ourselves as well, in the last minute and the last five. */
function loadText(): string {
  return loadavg()
    .slice(0, 2)
    .map((load) => load.toFixed(1))
    .join(' ');
}

async function runScenarios(options: Options): Promise<Readonly<Record<string, unknown>>> {
  const { scenarios: chosen, rounds, env, settings, mcpServers, peers } = options;
  const results: Record<string, unknown> = {};
  if (chosen.length === 0) return results;
  console.log(
    '+ is what a target adds to a direct call; × stands to the bare pipe, in brackets the middle half of the rounds',
  );
  const bench = new Bench({ rootDir, env, settings, mcpServers, nodeArgs: [], peers });
  try {
    for (const scenario of chosen) {
      const slices = await bench.run(scenario, Math.min(rounds, scenario.mostRounds));
      console.log(tableOf(scenario, slices));
      results[scenario.name] = Object.fromEntries(slices);
    }
  } finally {
    await bench.close();
  }
  return results;
}

/** Looks up to three times, each time with other processes: what a busy machine, or the luck of one process, makes dear stays so seldom. */
async function guard({ env }: Options): Promise<void> {
  for (let look = 0; look < guarded.looks; look += 1) {
    const { isDearer, text } = judge(await playGuarded(env));
    console.log(text);
    if (!isDearer) return;
  }
  process.exitCode = 1;
}

async function playGuarded(env: Options['env']): Promise<Slices> {
  const scenario = scenarios.find(({ name }) => name === guarded.scenario);
  if (scenario === undefined) throw new Error(`there is no scenario ${guarded.scenario}`);
  const bench = new Bench({
    ...{ rootDir, env, settings: undefined, mcpServers: 0, nodeArgs: [] },
    peers: 'none',
  });
  try {
    return await bench.run({ ...scenario, limitMs: guarded.limitMs }, guarded.rounds);
  } finally {
    await bench.close();
  }
}

async function profile({ scenarios: chosen, ...options }: Options): Promise<void> {
  for (const scenario of chosen)
    for (const [name, profiled] of await runProfile(scenario, { rootDir, ...options }))
      console.log(profileTable(`${scenario.title}: ${name}`, profiled));
}

async function runCalls({ toolCalls, rounds, env }: Options): Promise<Readonly<Record<string, unknown>>> {
  const results: Record<string, unknown> = {};
  if (toolCalls.length === 0) return results;
  await runToolCalls(toolCalls, rounds, { rootDir, env }, (scenario, calls) => {
    console.log(toolCallTable(scenario, calls));
    results[scenario.name] = Object.fromEntries(calls);
  });
  return results;
}

async function runPrompts({ hooks, rounds, env }: Options): Promise<Readonly<Record<string, unknown>>> {
  if (!hooks) return {};
  const times = await runHooks(rounds, { rootDir, env });
  console.log(hookTable(times));
  return { [hookScenario.name]: Object.fromEntries(times) };
}

function translate({ translates, rounds }: Options): Readonly<Record<string, unknown>> {
  if (!translates) return {};
  const times = runTranslations(rootDir, codexBody, rounds * 20);
  console.log(translationTable(times));
  return { [translationScenario.name]: times };
}

async function runModel({ codex, rounds, env }: Options): Promise<Readonly<Record<string, unknown>>> {
  if (!codex) return {};
  const figures = await runCodex(rounds, { rootDir, env });
  console.log(codexTable(figures));
  return { codex: Object.fromEntries(figures) };
}
