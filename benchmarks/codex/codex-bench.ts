import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../middleware/platform/config/load-config.ts';
import { treeMemory } from '../../middleware/platform/process/tree-memory.ts';
import { workerCommand } from '../../middleware/upstreams/codex/worker-command.ts';
import { codexProgram } from '../../tests/support/codex-program.ts';
import { startFakeUpstream, type FakeUpstream } from '../../tests/support/fake-upstream/fake-upstream.ts';
import { says } from '../../tests/support/fake-upstream/step.ts';
import { Processes } from '../processes.ts';
import { AppServerClient } from './app-server-client.ts';

/** What was measured of one way to ask Codex. */
export interface CodexFigures {
  /** Until the first piece of each answer, in milliseconds; the n-th of all ways were measured beside each other. */
  readonly firstMs: readonly number[];
  /** The same for calls that were made at once; those that failed are missing. */
  readonly togetherMs: readonly number[];
  readonly failed: number;
  /** Of the worker and all that it started, behind all calls. */
  readonly workerBytes: number | undefined;
}

interface Way {
  readonly name: string;
  /** Resolves at the end of an answer, with the milliseconds until its first piece. */
  readonly firstDelta: (text: string) => Promise<number>;
  readonly workerBytes: () => Promise<number | undefined>;
}

interface BenchOptions {
  readonly rootDir: string;
  readonly env: Readonly<Record<string, string>>;
}

export const parallelCalls = 50;
const callsOfRound = 8;
const warmUpCalls = 3;

/** Has Codex asked by a bare client and through us, against the same scripted provider, in another order in each round. */
export async function runCodex(
  rounds: number,
  { rootDir, env }: BenchOptions,
): Promise<ReadonlyMap<string, CodexFigures>> {
  const processes = new Processes(rootDir);
  const upstream = await startFakeUpstream([says('Hello from the model.')]);
  upstream.deploys([
    { model_name: 'gpt-5', litellm_params: { model: 'openai/gpt-5' }, model_info: { id: 'one' } },
  ]);
  const home = homeOf(join(processes.folder, 'codex-home'), upstream);
  const closing: (() => Promise<void>)[] = [() => processes.stop(), () => upstream.close()];
  try {
    const codex = { CODEX_PLUS_CODEX_PROGRAM: codexProgram, CODEX_PLUS_CODEX_HOME: home };
    const config = { ...loadConfig({ rootDir, env: codex, isTerminal: false }).codex, provider: '' };
    const bare = await AppServerClient.start(
      await workerCommand(config, { env: process.env, own: undefined }),
      emptyFolder(join(processes.folder, 'bare')),
    );
    closing.unshift(() => bare.close());
    const service = await processes.start('codex-plus api', ['scripts/codex-plus.mjs', 'api'], {
      ...{ PORT: '0', CODEX_BIN: codexProgram, CODEX_HOME: home, CODEX_PLUS_LOG_FORMAT: 'json' },
      ...{ CODEX_PLUS_STATE_DIR: join(processes.folder, 'api'), HOME: processes.folder, ...env },
    });
    const whole = await processes.startMiddleware('codex-plus', {
      ...{ home: join(processes.folder, 'home'), upstreamPort: upstream.port },
      env: { CODEX_PLUS_CODEX_ENABLED: 'true', CODEX_PLUS_CODEX_PROGRAM: codexProgram, ...env },
    });
    const ways: readonly Way[] = [
      {
        name: 'bare client',
        firstDelta: (text) => bare.firstDelta(text),
        workerBytes: () => treeMemory(bare.pid),
      },
      ...[service, whole].map(({ name, port }) => ({
        name,
        firstDelta: (text: string) => firstDeltaOf(port, text),
        workerBytes: () => workerBytesOf(port),
      })),
    ];
    return await measure(ways, rounds, upstream);
  } finally {
    for (const close of closing) await close();
  }
}

function emptyFolder(folder: string): string {
  mkdirSync(folder);
  return folder;
}

/** Where Codex finds the scripted provider when nobody says another. */
function homeOf(home: string, { url }: FakeUpstream): string {
  mkdirSync(home);
  writeFileSync(
    join(home, 'config.toml'),
    `model_provider = "scripted"\n[model_providers.scripted]\nname = "scripted"\nbase_url = "${url}/v1"\n`,
  );
  return home;
}

async function measure(
  ways: readonly Way[],
  rounds: number,
  upstream: FakeUpstream,
): Promise<ReadonlyMap<string, CodexFigures>> {
  for (const { firstDelta } of ways)
    for (let call = 0; call < warmUpCalls; call += 1) await firstDelta('Warm up.');
  const firstMs = new Map<string, number[]>(ways.map(({ name }) => [name, []]));
  for (let call = 0; call < rounds * callsOfRound; call += 1) {
    for (const { name, firstDelta } of ways.toSorted(() => Math.random() - 0.5))
      firstMs.get(name)?.push(await firstDelta(`Say hello for the ${call}th time.`));
    upstream.forget();
  }
  const figures = new Map<string, CodexFigures>();
  for (const { name, firstDelta, workerBytes } of ways) {
    const together = await Promise.allSettled(
      Array.from({ length: parallelCalls }, (_, at) => firstDelta(`Say hello to the ${at}th of us.`)),
    );
    const togetherMs = together.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    figures.set(name, {
      ...{ firstMs: firstMs.get(name) ?? [], togetherMs },
      failed: together.length - togetherMs.length,
      workerBytes: await workerBytes(),
    });
  }
  return figures;
}

async function firstDeltaOf(port: number, content: string): Promise<number> {
  const startedAt = performance.now();
  const answer = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'codex-5', messages: [{ role: 'user', content }], stream: true }),
  });
  let text = '';
  let firstMs: number | undefined;
  for await (const piece of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += piece;
    if (firstMs === undefined && /"content":"[^"]/.test(text)) firstMs = performance.now() - startedAt;
  }
  if (firstMs === undefined || !text.includes('[DONE]'))
    throw new Error(`no whole answer: ${answer.status} ${text}`);
  return firstMs;
}

async function workerBytesOf(port: number): Promise<number | undefined> {
  const health = (await (await fetch(`http://127.0.0.1:${port}/health`)).json()) as {
    readonly codex: { readonly workers: readonly { readonly pid: number }[] };
  };
  return treeMemory(health.codex.workers.at(-1)?.pid ?? 0);
}
