import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { isRunning } from '../../support/is-running.ts';
import { onLinux } from '../../support/sandbox-fixture.ts';
import { startMiddleware, type RunningMiddleware } from '../../support/start-middleware.ts';
import { until } from '../../support/until.ts';

// A middleware and four other processes are started.
jest.setTimeout(60_000);

const server = join(import.meta.dirname, '..', '..', 'support', 'mcp', 'deaf-server.ts');
let home: string;
let middleware: RunningMiddleware;
let pids: readonly number[] = [];

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'killed-'));
  const one = { command: process.execPath, args: [server] };
  await writeFile(join(home, '.claude.json'), JSON.stringify({ mcpServers: { one } }));
  middleware = await startMiddleware({
    ...{ upstreamUrl: 'http://127.0.0.1:9', litellmPort: 9, litellmConfig: 'model_list: []\n' },
    env: { HOME: home, CODEX_PLUS_LITELLM_MODE: 'off' },
  });
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${middleware.url}/mcp`)));
  const { content } = await client.callTool({ name: 'one__pids', arguments: {} });
  pids = JSON.stringify(content).match(/\d+/g)?.map(Number) ?? [];
  await client.close();
});

afterEach(async () => {
  await middleware.stop();
  for (const pid of pids.filter(isRunning)) process.kill(pid, 'SIGKILL');
  await rm(home, { recursive: true, force: true });
});

/** The process that waits for the end of the middleware. */
function watcher(): number {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  const found = lines.map((line) => line.trim().split(/\s+/));
  return Number(
    found.find(
      ([, parent, ...args]) =>
        Number(parent) === middleware.child.pid && args.join(' ').includes('end-left-behind'),
    )?.[0],
  );
}

onLinux('servers end with a middleware that is killed, with all that they started [MCP-1]', async () => {
  expect(pids).toHaveLength(4);
  expect(pids.map(isRunning)).toEqual([true, true, true, true]);
  const waiting = watcher();
  expect(isRunning(waiting)).toBe(true);
  // As whoever ends a service tells all of its processes.
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) process.kill(waiting, signal);
  const exited = once(middleware.child, 'exit');
  middleware.child.kill('SIGKILL');
  await exited;
  await until(() => !pids.some(isRunning), 30_000);
  await until(() => !isRunning(waiting));
});

onLinux(
  'servers end with a middleware also where what waits for its end was killed before [MCP-1]',
  async () => {
    for (let times = 0; times < 2; times += 1) {
      const before = watcher();
      process.kill(before, 'SIGKILL');
      await until(() => ![before, Number.NaN].includes(watcher()));
    }
    const waiting = watcher();
    const exited = once(middleware.child, 'exit');
    middleware.child.kill('SIGKILL');
    await exited;
    await until(() => !pids.some(isRunning), 30_000);
    await until(() => !isRunning(waiting));
  },
);

test('nothing waits for the end of a middleware that has ended [MCP-1]', async () => {
  const waiting = watcher();
  expect(isRunning(waiting)).toBe(true);
  await middleware.stop();
  expect([waiting, pids[0] ?? 0].map(isRunning)).toEqual([false, false]);
});
