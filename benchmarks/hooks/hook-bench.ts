import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCodexRequest } from '../codex-request.ts';
import { LoadConnection } from '../load-connection.ts';
import { Processes } from '../processes.ts';
import { scriptedPath } from '../script.ts';

export const hookScenario = {
  name: 'hook',
  title: 'a prompt with a hook that does nothing, Codex body, one at a time: ms on the way and back',
};

/** Of each user, the time of each call on the way to the upstream and back, in microseconds. */
export type HookTimes = ReadonlyMap<string, readonly number[]>;

interface BenchOptions {
  readonly rootDir: string;
  readonly env: Readonly<Record<string, string>>;
}

interface User {
  readonly name: string;
  readonly call: () => Promise<number>;
  readonly close: () => void;
}

export const withoutHook = 'no hook';
const command = 'exit 0';

/** What the settings of each user have on `UserPromptSubmit`. One that declares what it needs runs in the sandbox. */
const hooksOf: Readonly<Record<string, readonly object[]>> = {
  [withoutHook]: [],
  hook: [{ hooks: [{ type: 'command', command }] }],
  'hook in the sandbox': [{ command, permissions: [] }],
};

/** Where the recorded request was made. */
const recordedProject = '/home/dev/project';
const bodyBytes = 62_000;
const callsOfRound = 20;
/** Calls of each user that are not counted: what runs for hours is measured compiled and not interpreted. */
const warmUpCalls = 100;
/** Between calls: a model thinks longer, and what is done behind a hook is done by then. */
const pauseMs = 40;

/** Sends prompts of three users, in another order in each round. */
export async function runHooks(rounds: number, options: BenchOptions): Promise<HookTimes> {
  const processes = new Processes(options.rootDir);
  const users: User[] = [];
  try {
    const upstream = await processes.start('upstream', ['benchmarks/targets/fake-upstream.ts']);
    for (const [name, entries] of Object.entries(hooksOf))
      users.push(await openUser(name, entries, { ...options, processes, upstreamPort: upstream.port }));
    for (const user of users) await callsOf(user, warmUpCalls, 0);
    const times = new Map<string, number[]>(users.map(({ name }) => [name, []]));
    for (let round = 0; round < rounds; round += 1)
      for (const user of users.toSorted(() => Math.random() - 0.5))
        times.get(user.name)?.push(...(await callsOf(user, callsOfRound, pauseMs)));
    return times;
  } finally {
    for (const user of users) user.close();
    await processes.stop();
  }
}

async function callsOf({ call }: User, count: number, restMs: number): Promise<readonly number[]> {
  const times: number[] = [];
  while (times.length < count) {
    await sleep(restMs);
    times.push(await call());
  }
  return times;
}

interface UserOptions extends BenchOptions {
  readonly processes: Processes;
  readonly upstreamPort: number;
}

async function openUser(
  name: string,
  entries: readonly object[],
  { rootDir, env, processes, upstreamPort }: UserOptions,
): Promise<User> {
  const place = join(processes.folder, name.replaceAll(' ', '-'));
  const [home, project] = [join(place, 'home'), join(place, 'project')];
  for (const folder of [join(home, '.claude'), project]) mkdirSync(folder, { recursive: true });
  const settings = entries.length === 0 ? {} : { hooks: { UserPromptSubmit: entries } };
  writeFileSync(join(home, '.claude/settings.json'), JSON.stringify(settings));
  const { port } = await processes.startMiddleware(name, { home, upstreamPort, env });
  const request = requestIn(project, port, rootDir);
  const numberAt = request.lastIndexOf('the next part') + 'the '.length;
  const connection = await LoadConnection.open(port, request);
  let count = 0;
  return {
    name,
    call: async () => {
      // Each is another prompt: it has its number in the place of a word.
      request.write(String((count += 1)).padStart('next'.length, '0'), numberAt);
      const outcome = await connection.call();
      if (typeof outcome === 'string') throw new Error(`${name}: ${outcome}`);
      return outcome.firstUs;
    },
    close: () => {
      connection.close();
    },
  };
}

/** A prompt of somebody who works in this folder. */
function requestIn(project: string, port: number, rootDir: string): Buffer {
  const shape = { bytes: bodyBytes, stream: false, beginsTurn: true };
  const { headerLines, body } = createCodexRequest(rootDir, shape);
  const [headers, text] = [headerLines, body.toString()].map((part) =>
    part.replaceAll(recordedProject, project),
  );
  const path = scriptedPath({ events: 0, firstMs: 0, gapMs: 0 });
  const lengthLine = `content-length: ${Buffer.byteLength(text!)}\r\n`;
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n${headers!}${lengthLine}\r\n${text!}`,
  );
}
