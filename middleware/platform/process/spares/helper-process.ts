import { fork, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { SpareShell } from './spare-shell.ts';
import type { FromHelper, ToHelper } from './spare-messages.ts';

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const program = fileURLToPath(new URL(`./spare-helper.${extension}`, import.meta.url));
/** It keeps next to nothing. */
const nodeOptions = ['--max-semi-space-size=1', '--max-old-space-size=64'];

interface HelperEvents {
  /** A shell waits. */
  readonly onSpare: (spare: SpareShell) => void;
  /** One that was asked for does not come. */
  readonly onFailure: () => void;
  /** It has gone, by itself. */
  readonly onGone: () => void;
}

/** The process that starts shells. It ends with us, however we end, and ends then what runs in them. */
export class HelperProcess {
  readonly #child: ChildProcess;
  readonly #events: HelperEvents;
  readonly #coming = new Map<number, (Socket | undefined)[]>();
  /** Those that wait, and those that run a program. */
  readonly #shells = new Map<number, SpareShell>();
  #isGone = false;

  constructor(events: HelperEvents) {
    this.#events = events;
    this.#child = fork(program, [], {
      execArgv: nodeOptions,
      cwd: '/',
      env: {},
      stdio: ['pipe', 'ignore', 'ignore', 'ipc'],
    });
    this.#child.on('message', (message: FromHelper, handle) => {
      this.#hear(message, handle as Socket | undefined);
    });
    const isGone = (): void => {
      this.#end();
    };
    this.#child.once('error', isGone).once('exit', isGone);
    // It ends when this is closed, by us or with us.
    const input = this.#child.stdin as Socket | null;
    input?.on('error', () => undefined).unref();
    this.#child.unref();
    this.#child.channel?.unref();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  startShell(): void {
    this.#tell({ kind: 'start' });
  }

  close(): void {
    this.#isGone = true;
    this.#child.stdin?.end();
    this.#leaveShells();
  }

  #tell(message: ToHelper): void {
    this.#child.send(message, () => undefined);
  }

  #hear(message: FromHelper, socket: Socket | undefined): void {
    switch (message.kind) {
      case 'stream':
        this.#receive(message.pid, message.stream, socket);
        break;
      case 'ready':
        this.#offer(message.pid);
        break;
      case 'failed':
        this.#events.onFailure();
        break;
      case 'exit':
        this.#shells.get(message.pid)?.exited({
          exitCode: message.exitCode ?? undefined,
          signal: message.signal ?? undefined,
        });
        this.#shells.delete(message.pid);
        // One that ended before it was ready.
        this.#forget(message.pid);
    }
  }

  /** Without a free descriptor a socket is lost on the way: the shell never gets ready, and ends with the others of it. */
  #receive(pid: number, stream: number, socket: Socket | undefined): void {
    const streams = this.#coming.get(pid) ?? [];
    this.#coming.set(pid, streams);
    if (socket !== undefined) streams[stream] = socket.unref();
    if (stream === 2) this.#tell({ kind: 'received', pid });
  }

  #offer(pid: number): void {
    const [stdin, stdout, stderr] = this.#coming.get(pid) ?? [];
    if (stdin === undefined || stdout === undefined || stderr === undefined) {
      this.#forget(pid);
      this.#events.onFailure();
      return;
    }
    this.#coming.delete(pid);
    const spare = new SpareShell(pid, { stdin, stdout, stderr }, this.#whileRunning);
    this.#shells.set(pid, spare);
    this.#events.onSpare(spare);
  }

  #forget(pid: number): void {
    for (const socket of this.#coming.get(pid) ?? []) socket?.destroy();
    this.#coming.delete(pid);
  }

  /** Nothing else may keep us here until it is told how a program ended. */
  readonly #whileRunning = (isRunning: boolean): void => {
    if (isRunning) this.#child.channel?.ref();
    else if (![...this.#shells.values()].some((shell) => shell.isRunning)) this.#child.channel?.unref();
  };

  #end(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#leaveShells();
    this.#events.onGone();
  }

  #leaveShells(): void {
    for (const shell of this.#shells.values()) shell.exited({ signal: 'SIGKILL', isLost: true });
    this.#shells.clear();
    for (const pid of this.#coming.keys()) this.#forget(pid);
  }
}
