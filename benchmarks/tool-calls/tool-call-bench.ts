import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCodexRequest } from '../codex-request.ts';
import { LoadConnection } from '../load-connection.ts';
import { Processes } from '../processes.ts';
import { SdkCaller, type ServerPlace } from './sdk-caller.ts';
import { TimedUpstream, type ToolCallTimes } from './timed-upstream.ts';

/** How calls of a tool follow each other. */
export interface ToolCallScenario {
  readonly name: string;
  readonly title: string;
  /** Of each caller, one after the other, in one round. */
  readonly calls: number;
  /** In place of one round of the others, so many. */
  readonly roundsOfOne: number;
  /** Before each round. */
  readonly restMs: number;
}

export const toolCallScenarios: readonly ToolCallScenario[] = [
  {
    name: 'tool-call',
    title: 'call of a tool in a streamed turn, Codex body, one after the other',
    ...{ calls: 60, roundsOfOne: 1, restMs: 0 },
  },
  {
    name: 'tool-call-rested',
    title: 'the same, the first call in more than a second, when nothing that was looked up still counts',
    ...{ calls: 1, roundsOfOne: 8, restMs: 1_100 },
  },
];

/** The calls of each caller. */
export type ToolCalls = ReadonlyMap<string, readonly ToolCallTimes[]>;

interface Caller {
  readonly name: string;
  readonly call: () => Promise<ToolCallTimes | undefined>;
}

interface BenchOptions {
  readonly rootDir: string;
  readonly env: Readonly<Record<string, string>>;
}

const bodyBytes = 62_000;
/** Calls of each caller that are not counted: what runs for hours is measured compiled and not interpreted. */
const warmUpCalls = 300;
const serverProgram = 'benchmarks/targets/timed-tool.ts';

/** Has a tool called by a client of the official SDK and by a model behind the middleware, in another order in each round. */
export async function runToolCalls(
  scenarios: readonly ToolCallScenario[],
  rounds: number,
  options: BenchOptions,
  onDone: (scenario: ToolCallScenario, calls: ToolCalls) => void,
): Promise<void> {
  const processes = new Processes(options.rootDir);
  const upstream = new TimedUpstream();
  const closing: (() => unknown)[] = [
    () => processes.stop(),
    () => {
      upstream.close();
    },
  ];
  try {
    const http = await processes.start('timed tool', [serverProgram, 'http']);
    const places: readonly ServerPlace[] = [
      { kind: 'stdio', command: process.execPath, args: [join(options.rootDir, serverProgram), 'stdio'] },
      { kind: 'http', url: `http://127.0.0.1:${http.port}/mcp` },
    ];
    const callers: Caller[] = [];
    for (const place of places) {
      const sdk = await SdkCaller.open(place);
      closing.unshift(() => sdk.close());
      callers.push({ name: `SDK client, ${place.kind}`, call: () => sdk.call() });
    }
    const turns = await openTurns(places, { ...options, processes, upstream });
    closing.unshift(() => {
      turns.close();
    });
    for (const { kind } of places)
      callers.push({ name: `codex-plus, ${kind}`, call: () => turns.take(`mcp__${kind}__look`) });
    for (const caller of callers) await callsOf(caller, warmUpCalls);
    for (const scenario of scenarios) onDone(scenario, await play(scenario, rounds, callers));
  } finally {
    for (const close of closing) await close();
  }
}

async function play(
  { calls, roundsOfOne, restMs }: ToolCallScenario,
  rounds: number,
  callers: readonly Caller[],
): Promise<ToolCalls> {
  const times = new Map<string, ToolCallTimes[]>(callers.map((caller) => [caller.name, []]));
  for (let round = 0; round < rounds * roundsOfOne; round += 1) {
    await sleep(restMs);
    for (const caller of callers.toSorted(() => Math.random() - 0.5)) {
      times.get(caller.name)?.push(...(await callsOf(caller, calls)));
    }
  }
  return times;
}

async function callsOf({ name, call }: Caller, count: number): Promise<readonly ToolCallTimes[]> {
  const times: ToolCallTimes[] = [];
  while (times.length < count) {
    const one = await call();
    if (one === undefined) throw new Error(`${name} did not call the tool`);
    times.push(one);
  }
  return times;
}

interface Turns {
  /** One turn of a user whose model calls this tool. */
  readonly take: (tool: string) => Promise<ToolCallTimes | undefined>;
  readonly close: () => void;
}

async function openTurns(
  places: readonly ServerPlace[],
  {
    rootDir,
    env,
    processes,
    upstream,
  }: BenchOptions & { readonly processes: Processes; readonly upstream: TimedUpstream },
): Promise<Turns> {
  const home = join(processes.folder, 'home');
  mkdirSync(join(home, '.codexplus'), { recursive: true });
  const mcpServers = Object.fromEntries(places.map(({ kind, ...place }) => [kind, { ...place, type: kind }]));
  writeFileSync(join(home, '.codexplus/mcp.json'), JSON.stringify({ mcpServers }));
  const upstreamPort = await upstream.listen();
  const { port } = await processes.startMiddleware('codex-plus', { home, upstreamPort, env });
  const { headerLines, body } = createCodexRequest(rootDir, {
    bytes: bodyBytes,
    stream: true,
    beginsTurn: true,
  });
  const head = `POST /v1/responses HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n${headerLines}content-length: ${body.length}\r\n\r\n`;
  const request = Buffer.concat([Buffer.from(head, 'latin1'), body]);
  const numberAt = request.lastIndexOf('the next part') + 'the '.length;
  const connection = await LoadConnection.open(port, request);
  let count = 0;
  return {
    take: async (tool) => {
      upstream.begin(tool);
      // No two turns are the same: each prompt has its number in the place of a word.
      request.write(String((count += 1)).padStart('next'.length, '0'), numberAt);
      const outcome = await connection.call();
      if (typeof outcome === 'string') throw new Error(outcome);
      return upstream.times;
    },
    close: () => {
      connection.close();
    },
  };
}
