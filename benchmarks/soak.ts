import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { hostileAnswers, soundAnswer, type RawAnswer } from './soak/hostile-answers.ts';
import { hostileRequests, type RawRequest } from './soak/hostile-requests.ts';
import { stateOf, type ProcessState } from './soak/process-state.ts';
import { makeWorkspace } from './soak/workspace.ts';

const rootDir = dirname(import.meta.dirname);
const minutes = Number(process.argv[2] ?? 60);
const folder = join(rootDir, '.state', 'soak');
const usage = 'npm run soak [-- MINUTES]: serves sound and hostile calls side by side; 60 minutes by default';
/** Connections of each kind at once. */
const lanes = { sound: 4, hostile: 4 } as const;
/** A call that takes longer hangs: no answer of the scripted upstream takes a second. */
const hangMs = 60_000;
/** Memory is compared from here on: what is loaded and compiled late belongs to no leak. */
const warmUpShare = 0.2;
const mostGrowth = 1.3;

/** What the calls of a run came to. */
interface Counts {
  readonly sound: { asked: number; wrong: number };
  readonly hostile: { asked: number; hung: number };
  readonly faults: Map<string, number>;
}

/** Milliseconds of the longest call of each hostile kind. */
const slowest = new Map<string, number>();

const counts: Counts = {
  sound: { asked: 0, wrong: 0 },
  hostile: { asked: 0, hung: 0 },
  faults: new Map(),
};

if (!(minutes > 0)) throw new Error(usage);
await run();

async function run(): Promise<void> {
  const { project, home } = makeWorkspace(folder);
  const upstream = await startUpstream();
  const { child, port } = await startMiddleware((upstream.address() as AddressInfo).port, home);
  const pid = child.pid ?? 0;
  let ended: string | undefined;
  child.once('exit', (code, signal) => {
    ended = `the middleware ended: code ${String(code)}, signal ${String(signal)}`;
  });
  const until = Date.now() + minutes * 60_000;
  const isOver = (): boolean => ended !== undefined || Date.now() >= until;
  const callers = [
    ...Array.from({ length: lanes.sound }, () => callSoundly(port, isOver)),
    ...Array.from({ length: lanes.hostile }, () => callHostilely(port, project, isOver)),
  ];
  const states: ProcessState[] = [];
  while (!isOver()) {
    await sleep(Math.min(60_000, Math.max(1, (until - Date.now()) / 2), (minutes * 60_000) / 20));
    if (ended === undefined) states.push(report(pid));
  }
  await Promise.all(callers);
  child.kill('SIGTERM');
  upstream.close();
  const verdicts = faultsOf(ended, states);
  const slow = [...slowest].sort(([, a], [, b]) => b - a).slice(0, 5);
  console.log(`slowest: ${slow.map(([name, ms]) => `${name} ${Math.round(ms)} ms`).join(', ')}`);
  for (const [what, count] of counts.faults) console.log(`${count} × ${what}`);
  console.log(verdicts.length === 0 ? 'sound: nothing ended, hung, failed or grew' : verdicts.join('\n'));
  process.exit(verdicts.length === 0 ? 0 : 1);
}

function faultsOf(ended: string | undefined, states: readonly ProcessState[]): string[] {
  const settled = states.slice(Math.floor(states.length * warmUpShare));
  const half = Math.ceil(settled.length / 2);
  // One sample may fall into a burst: a folder's files are opened together. What leaks is there in all of them.
  const usual = (part: readonly ProcessState[], of: keyof ProcessState): number =>
    part.map((state) => state[of]).sort((a, b) => a - b)[Math.floor(part.length / 2)] ?? 0;
  const grown = (['residentMb', 'openFiles', 'children'] as const).flatMap((of) => {
    const [before, after] = [usual(settled.slice(0, half), of), usual(settled.slice(half), of)];
    // A handful more is no growth where there are few.
    return after > before * mostGrowth + 10
      ? [`${of} grew: ${before}, then ${after} in the middle of its samples`]
      : [];
  });
  return [
    ...(ended === undefined ? [] : [ended]),
    ...(counts.sound.wrong > 0 ? [`${counts.sound.wrong} sound calls were not answered rightly`] : []),
    ...(counts.hostile.hung > 0 ? [`${counts.hostile.hung} hostile calls hung`] : []),
    ...grown,
  ];
}

function report(pid: number): ProcessState {
  const state = stateOf(pid);
  const { sound, hostile } = counts;
  console.log(
    `${new Date().toISOString()} sound=${sound.asked} wrong=${sound.wrong} hostile=${hostile.asked} hung=${hostile.hung} ` +
      `rss=${state.residentMb}MB files=${state.openFiles} children=${state.children}`,
  );
  return state;
}

/** The path says what is answered: `/sound/…` always what is right, all else something hostile. */
async function startUpstream(): Promise<Server> {
  const names = Object.keys(hostileAnswers);
  let count = 0;
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (head) => {
      count += 1;
      const isSound = head.includes('soak-sound');
      const make = hostileAnswers[names[count % names.length] ?? ''];
      const answer = isSound || make === undefined ? soundAnswer(true) : make(count);
      give(answer, socket);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function give({ bytes, then }: RawAnswer, socket: ReturnType<typeof connect>): void {
  if (then === 'end') socket.end(bytes);
  else
    socket.write(bytes, () => {
      if (then === 'reset') socket.resetAndDestroy();
    });
}

async function startMiddleware(
  upstreamPort: number,
  home: string,
): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const port = await freePort();
  const log = openSync(join(folder, 'log.jsonl'), 'w');
  const base = `http://127.0.0.1:${upstreamPort}`;
  const child = spawn(process.execPath, ['middleware/main.ts'], {
    cwd: rootDir,
    stdio: ['ignore', log, log],
    env: {
      ...{ PATH: process.env['PATH'], HOME: home, CODEX_PLUS_STATE_DIR: join(folder, 'state') },
      ...{
        CODEX_PLUS_PORT: String(port),
        CODEX_PLUS_LITELLM_MODE: 'external',
        CODEX_PLUS_LOG_FORMAT: 'json',
      },
      ...{ CODEX_PLUS_LITELLM_URL: base, OPENAI_API_BASE: `${base}/v1`, OPENAI_API_KEY: 'sk-made-up' },
      ...{ CODEX_PLUS_BREAKER_FAILURES: '1000000000', CODEX_PLUS_HEADERS_TIMEOUT_MS: '20000' },
      ...{
        CODEX_PLUS_IDLE_TIMEOUT_MS: '20000',
        CODEX_PLUS_KEEPALIVE_MS: '1000',
        LITELLM_MASTER_KEY: 'sk-soak',
      },
    },
  });
  for (let tries = 0; tries < 100; tries += 1) {
    await sleep(100);
    if (
      (await ask(port, 'GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n')) !== undefined
    )
      return { child, port };
  }
  throw new Error('the middleware did not start; .state/soak/log.jsonl says why');
}

async function callSoundly(port: number, isOver: () => boolean): Promise<void> {
  const body = JSON.stringify({ model: 'gpt-5', stream: true, input: 'soak-sound' });
  const request = `POST /v1/responses HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nx-soak: soak-sound\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`;
  while (!isOver()) {
    const answer = await ask(port, request);
    counts.sound.asked += 1;
    if (answer?.includes('response.completed') !== true) {
      counts.sound.wrong += 1;
      note(`a sound call got ${JSON.stringify(answer?.slice(0, 200))}`);
    }
    await sleep(20);
  }
}

async function callHostilely(port: number, project: string, isOver: () => boolean): Promise<void> {
  const requests = Object.entries(hostileRequests(project));
  for (let count = Math.floor(Math.random() * 1_000); !isOver(); count += 1) {
    const [name, make] = requests[count % requests.length] ?? [];
    if (make === undefined) continue;
    const { bytes, leaves }: RawRequest = make(count);
    const startedAt = performance.now();
    const answer = await ask(port, bytes, leaves);
    counts.hostile.asked += 1;
    slowest.set(name ?? '', Math.max(slowest.get(name ?? '') ?? 0, performance.now() - startedAt));
    if (answer === undefined && leaves !== true) {
      counts.hostile.hung += 1;
      note(`hung or refused: ${String(name)}`);
    }
    await sleep(20);
  }
}

function note(what: string): void {
  counts.faults.set(what, (counts.faults.get(what) ?? 0) + 1);
}

/** The whole answer, `''` for a connection that was closed without one; `undefined` where nothing came to an end in time. */
async function ask(port: number, request: string | Buffer, leaves = false): Promise<string | undefined> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  const seen = { refused: false };
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', (error) => {
    if ('code' in error && error.code === 'ECONNREFUSED') seen.refused = true;
  });
  socket.write(request);
  if (leaves) setImmediate(() => socket.destroy());
  const limit = setTimeout(() => socket.destroy(new Error('hung')), hangMs);
  const hung = new Promise<true>((resolve) => {
    socket.once('error', ({ message }) => {
      if (message === 'hung') resolve(true);
    });
  });
  const isHung = await Promise.race([hung, once(socket, 'close').then(() => false)]).catch(() => false);
  clearTimeout(limit);
  return isHung || seen.refused ? undefined : Buffer.concat(chunks).toString('latin1');
}
