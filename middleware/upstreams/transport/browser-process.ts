import type { Log } from '../../kernel/log.ts';
import type { Environment } from '../../platform/config/environment.ts';
import { forkWorker, tryWorker } from '../../platform/process/fork-worker.ts';
import type { FromBrowser, ToBrowser } from './browser-messages.ts';
import { PendingAnswer } from './pending-answer.ts';
import type { TransportAnswer, UpstreamCall } from './transport.ts';

interface CallLimits {
  readonly headersMs: number;
  readonly idleMs: number;
}

/** From the sources it runs as TypeScript, from the build as JavaScript. */
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const file = new URL(`./browser-worker.${extension}`, import.meta.url);
/** Node 22 still warns that it strips types. */
const nodeOptions = ['--expose-gc', '--disable-warning=ExperimentalWarning'];

/**
 * A process that makes calls with impit. A process and no thread, because only the end of a process surely ends its calls:
 * impit's go on after the thread that began them, and none of them can be given up before its head is there.
 */
export class BrowserProcess {
  readonly #worker: ReturnType<typeof forkWorker>;
  readonly #answers = new Map<number, PendingAnswer>();
  #lastId = 0;
  #takesCalls = true;

  constructor(env: Environment, log: Log) {
    this.#worker = forkWorker({ file, nodeOptions, env: environmentOf(env) }, (message) => {
      this.#hear(message as FromBrowser);
    });
    const { pid } = this.#worker;
    log.info('started the process of the browser transport', { pid });
    void this.#worker.ended.then((how) => {
      if (this.#takesCalls) log.warn('the process of the browser transport is gone', { pid, how });
      this.#takesCalls = false;
      for (const answer of this.#answers.values()) answer.fail(`the process that made the call ${how}`);
    });
  }

  get takesCalls(): boolean {
    return this.#takesCalls;
  }

  get ended(): Promise<unknown> {
    return this.#worker.ended;
  }

  call(call: UpstreamCall, proxyUrl: string | undefined, limits: CallLimits): Promise<TransportAnswer> {
    const id = (this.#lastId += 1);
    let isPaused = false;
    const pause = (wanted: boolean): void => {
      if (isPaused === wanted) return;
      isPaused = wanted;
      this.#post({ kind: wanted ? 'pause' : 'resume', id });
    };
    const answer = new PendingAnswer(call, limits, {
      pause: () => {
        pause(true);
      },
      resume: () => {
        pause(false);
      },
      end: () => {
        this.#post({ kind: 'cancel', id });
        if (!answer.hasHead) this.retire();
      },
    });
    this.#answers.set(id, answer);
    void answer.over.then(() => {
      this.#answers.delete(id);
      this.#endWhenIdle();
    });
    const { method, headers, body } = call;
    this.#post({ kind: 'call', id, method, url: call.url.href, headers, body, proxyUrl });
    answer.sent();
    return answer.head;
  }

  /** Takes no more calls; ends with its last one, or now. */
  retire(): void {
    this.#takesCalls = false;
    this.#endWhenIdle();
  }

  #endWhenIdle(): void {
    if (!this.#takesCalls && this.#answers.size === 0) this.#worker.kill();
  }

  #post(message: ToBrowser): void {
    this.#worker.post(message);
  }

  #hear(message: FromBrowser): void {
    const answer = this.#answers.get(message.id);
    switch (message.kind) {
      case 'head':
        answer?.begin(message.status, message.statusMessage, message.headers);
        break;
      case 'data':
        answer?.data(message.chunk);
        break;
      case 'end':
        answer?.end();
        break;
      case 'failed':
        answer?.fail(message.reason);
    }
  }
}

/** Why such a process cannot run here; `undefined` when it can. Waits for the answer, so it is for the start-up. */
export function browserProfileFault(env: Environment): string | undefined {
  const said = tryWorker({ file, nodeOptions, env: environmentOf(env) });
  if (said === undefined) return undefined;
  return said.includes("Cannot find package 'impit'")
    ? 'it needs the optional package impit, which is not installed'
    : `it needs the optional package impit, which does not load on ${process.platform}-${process.arch}`;
}

/**
 * What the process needs, and no keys. impit reads the proxy variables by rules of its own, also for a call that is to go
 * directly; it gets the proxy of a call with the call.
 */
function environmentOf(env: Environment): Record<string, string | undefined> {
  const kept = ['SSL_CERT_FILE', 'SSL_CERT_DIR', 'LD_LIBRARY_PATH', 'SystemRoot', 'TEMP', 'TMPDIR'];
  return { ...Object.fromEntries(kept.map((name) => [name, env[name]])), NO_PROXY: '*' };
}
