import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, jest } from '@jest/globals';
import { onLinux } from '../../support/sandbox-fixture.ts';

// A hundred processes are started.
jest.setTimeout(60_000);

const program = join(import.meta.dirname, '..', '..', 'support', 'find-started.ts');
const count = 100;
let group: number | undefined;

afterEach(() => {
  if (group !== undefined) process.kill(-group, 'SIGKILL');
});

onLinux('what servers left behind is found however few files may be open [MCP-1]', async () => {
  const value = randomUUID();
  const script = `for n in $(seq ${count}); do sleep 600 & done; echo started; wait`;
  const left = spawn('sh', ['-c', script], {
    ...{ detached: true, env: { ...process.env, CODEX_PLUS_TEST: value } },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  group = left.pid;
  await once(left.stdout, 'data');
  const limited = ['-c', 'ulimit -n 48; exec "$0" "$@"', process.execPath, program, value];
  const { stdout } = await promisify(execFile)('sh', limited);
  expect(JSON.parse(stdout)).toEqual({
    many: Array.from({ length: 50 }, () => count + 1),
    ...{ wasFull: true, full: count + 1 },
  });
});
