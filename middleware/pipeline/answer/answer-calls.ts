import { AtMost } from '../../kernel/at-most.ts';
import type { CallDecision } from '../../kernel/exchange-record.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { CompletePart } from '../../protocol/apis/round.ts';
import type { CallHead, ToolCall } from '../../protocol/apis/tool-call.ts';
import { unreadable } from '../../protocol/apis/unreadable.ts';
import { mayConcernCall, settleCall, type CallChecks, type Settled } from './settle-call.ts';
import type { SettledCall } from './too-many-rounds.ts';
import type { ToolCheckOptions } from './tool-check-options.ts';

interface AnswerCallsOptions extends Pick<ToolCheckOptions, 'resolvePath'> {
  readonly exchange: Exchange;
  readonly checks: CallChecks;
}

/** Far more than a model calls for in one answer; each may start the processes of hooks. */
const maxCalls = 1_000;
const maxAtOnce = 16;

/** Decides the calls of one answer, in all of its rounds. */
export class AnswerCalls {
  readonly #options: AnswerCallsOptions;
  /** Rejects when the client has left: nobody waits for a decision any more. */
  readonly #left: Promise<never>;
  readonly #some = new AtMost(maxAtOnce);
  #count = 0;
  #refused: SettledCall | undefined;

  constructor(options: AnswerCallsOptions) {
    this.#options = options;
    this.#left = rejectionOf(options.exchange.signal);
  }

  /** The newest of the calls that were refused. */
  get refused(): SettledCall | undefined {
    return this.#refused;
  }

  /** Whether a call has to be held until it is decided. */
  readonly holds = (head: CallHead): boolean => mayConcernCall(this.#options.checks, head);

  async decide({ call, isFree = false, isAmbiguous = false }: CompletePart): Promise<Settled> {
    if (isFree) return { kind: 'released', input: undefined };
    const settled = await this.settle(call);
    if (!isAmbiguous || settled.kind !== 'released') return settled;
    return { ...settled, input: settled.input ?? call.input };
  }

  async settle(call: ToolCall): Promise<Settled> {
    this.#count += 1;
    this.#refuseTooMany();
    const { exchange, checks, resolvePath } = this.#options;
    const { isOneShot, kind } = exchange.turn;
    const settling = this.#some.run(() => {
      // Whoever waited for its place starts no hooks for a client that has left meanwhile, nor for an answer that was refused.
      exchange.signal.throwIfAborted();
      this.#refuseTooMany();
      return settleCall(call, checks, {
        // A subagent has no user.
        canAsk: !isOneShot && kind === 'user',
        resolvePath: (path) => resolvePath(exchange, path),
      });
    });
    const settled = await Promise.race([settling, this.#left]);
    if (settled.kind === 'hidden') this.#refused = [call, settled];
    exchange.record.addDecision(decisionOf(call, settled));
    return settled;
  }

  #refuseTooMany(): void {
    if (this.#count > maxCalls) throw unreadable(`it has more than ${maxCalls} tool calls`);
  }
}

function decisionOf({ callId, name, namespace }: ToolCall, settled: Settled): CallDecision {
  const tool = namespace === undefined ? name : `${namespace}.${name}`;
  const by = settled.kind === 'hidden' ? settled.refusedBy : undefined;
  return { callId, tool, verdict: verdictOf(settled), by };
}

function verdictOf(settled: Settled): CallDecision['verdict'] {
  switch (settled.kind) {
    case 'released':
      return settled.input === undefined ? 'allowed' : 'changed';
    case 'hidden':
      return settled.isError ? 'refused' : 'answered';
    case 'ask':
      return 'asked';
    case 'stop':
      return 'stopped';
  }
}

function rejectionOf(signal: AbortSignal): Promise<never> {
  const left = new Promise<never>((_resolve, reject) => {
    const leave = (): void => {
      reject(signal.reason instanceof Error ? signal.reason : new Error('the client left'));
    };
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });
  // It may fail before anybody waits for it.
  left.catch(() => undefined);
  return left;
}
