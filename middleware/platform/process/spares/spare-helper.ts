import { spawn, type ChildProcess, type SendHandle } from 'node:child_process';
import { shell } from './spare-line.ts';
import type { FromHelper, ToHelper } from './spare-messages.ts';

// A process of its own, as small as Node gets, which starts shells that wait for a line: `HelperProcess`. How long a process takes to
// start another one depends on its own memory, which is copied page table by page table.

const killAfterMs = 500;
const running = new Set<ChildProcess>();
let isEnding = false;

process.on('message', (message: ToHelper) => {
  if (message.kind === 'start') startShell();
  // The channel has acknowledged them by now, and our ends are closed.
  else tell({ kind: 'ready', pid: message.pid });
});
// The channel does not always tell: not where a socket is on its way when the middleware is killed.
process.stdin.once('close', endAll).resume();
// Ctrl+C and service managers signal the whole group, and the middleware still has hooks to run: it ends this process.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

function startShell(): void {
  let child: ChildProcess;
  try {
    child = spawn(shell, [], { cwd: '/', env: {}, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  } catch {
    tell({ kind: 'failed' });
    return;
  }
  const { pid, stdio } = child;
  child.once('error', () => {
    if (pid === undefined) tell({ kind: 'failed' });
  });
  if (pid === undefined) return;
  running.add(child);
  child.once('exit', (exitCode, signal) => {
    running.delete(child);
    endWithTheLast();
    tell({ kind: 'exit', pid, exitCode, signal });
  });
  for (const [stream, socket] of stdio.slice(0, 3).entries())
    tell({ kind: 'stream', pid, stream }, socket as SendHandle);
}

function tell(message: FromHelper, socket?: SendHandle): void {
  // Given so that a channel that is closed already is no error event.
  process.send?.(message, socket, undefined, () => undefined);
}

/** The middleware has gone: what it started goes as well. Shells that still wait see the end of their input. */
function endAll(): void {
  isEnding = true;
  endWithTheLast();
  signalAll('SIGTERM');
  setTimeout(() => {
    signalAll('SIGKILL');
    process.exit();
  }, killAfterMs);
}

function endWithTheLast(): void {
  if (isEnding && running.size === 0) process.exit();
}

function signalAll(signal: NodeJS.Signals): void {
  for (const { pid } of running) {
    try {
      if (pid !== undefined) process.kill(-pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
}
