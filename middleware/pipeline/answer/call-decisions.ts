import { AtMost } from '../../kernel/bounds/at-most.ts';
import type { CallDecision } from '../../kernel/exchange-record.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { CompletePart } from '../../protocol/apis/round.ts';
import type { CallHead, ToolCall } from '../../protocol/apis/tool-call.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import { unreadable } from '../../protocol/apis/common/unreadable.ts';
import type { CallChecks, CallRunner, CallStep } from '../call-checks.ts';
import { mayConcernCall, resolveCall, type CallResolution } from './resolve-call.ts';
import { givenUp } from './round-outcome.ts';
import type { ResolvedCall } from './too-many-rounds.ts';

/** Far more than a model calls for in one answer; each may start the processes of hooks. */
const maxCalls = 1_000;
const maxAtOnce = 16;

/** Decides the calls of one answer, in all of its rounds. */
export class CallDecisions {
  readonly #exchange: Exchange;
  readonly #checks: CallChecks | undefined;
  readonly #runners: readonly CallRunner[];
  /** Rejects when the client has left: nobody waits for a decision any more. */
  readonly #left: Promise<never>;
  readonly #some = new AtMost(maxAtOnce);
  #count = 0;
  #refused: ResolvedCall | undefined;
  /** The calls of ours that were begun in this round, by their keys: a model may give two calls one id. */
  #begun = new Set<string>();
  #haveBegun = false;
  #isLeft = false;

  constructor(exchange: Exchange, checks: CallChecks | undefined, runners: readonly CallRunner[]) {
    this.#exchange = exchange;
    this.#checks = checks;
    this.#runners = runners;
    this.#left = rejectionOf(exchange.signal);
  }

  /** The newest of the calls that were refused. */
  get refused(): ResolvedCall | undefined {
    return this.#refused;
  }

  /** Whether a call has to be held until it is decided. */
  readonly holds = (head: CallHead): boolean =>
    this.#isChecked(head) || this.#runners.some(({ isOurs }) => isOurs(head));

  async decide({ key, call, isFree = false, isAmbiguous = false }: CompletePart): Promise<CallResolution> {
    if (isFree) return { kind: 'released', input: undefined };
    const resolution = await this.resolve(call, key);
    if (!isAmbiguous || resolution.kind !== 'released') return resolution;
    return { ...resolution, input: resolution.input ?? call.input };
  }

  /** `key`: names the call within its round. */
  async resolve(call: ToolCall, key: string): Promise<CallResolution> {
    this.#count += 1;
    this.#refuseTooMany();
    const { signal, record } = this.#exchange;
    const resolving = this.#some.run(() => {
      // Whoever waited for its place starts no hooks for a client that has left meanwhile, nor for an answer that
      // was refused.
      signal.throwIfAborted();
      this.#refuseTooMany();
      return this.#runOwn(call, key);
    });
    void resolving.then(this.#leaveLate, () => undefined);
    const resolution = await Promise.race([resolving, this.#left]);
    if (resolution.kind === 'refused') this.#refused = [call, resolution];
    record.addDecision(decisionOf(call, resolution));
    return resolution;
  }

  /** A call of ours that may run is run. */
  async #runOwn(call: ToolCall, key: string): Promise<CallResolution> {
    const runner = this.#runners.find(({ isOurs }) => isOurs(call));
    if (runner === undefined) return this.#check(call);
    const decided = runner.asDecided(call);
    const resolution: CallResolution =
      decided === undefined ? { kind: 'released', input: undefined } : await this.#check(decided);
    if (resolution.kind !== 'released' && resolution.kind !== 'ask') return resolution;
    const own = decided ?? call;
    const changed = { ...own, input: resolution.input ?? own.input };
    if (resolution.kind === 'ask')
      return { ...resolution, input: undefined, run: (on) => runner.run(changed, on, { canAsk: true }) };
    this.#begun.add(key);
    this.#haveBegun = true;
    return resolutionOf(await runner.run(changed, this.#exchange, { canAsk: this.#canAsk() }));
  }

  /** Those of a round that is over, without questions that nobody waits for: their servers have answered the calls by now. */
  async settled(
    resolutions: ReadonlyMap<string, CallResolution>,
  ): Promise<ReadonlyMap<string, CallResolution>> {
    const made = new Map(resolutions);
    for (const [key, resolution] of resolutions)
      if (resolution.kind === 'waits' && resolution.hasEnded())
        made.set(key, resolutionOf(await resolution.goOn('', this.#exchange)));
    return made;
  }

  /** What comes from here on is another answer, with keys of its own. */
  beginRound(): void {
    this.#begun = new Set();
  }

  /** Nobody waits for a decision any more. */
  leave(): void {
    this.#isLeft = true;
  }

  /** A call whose server asks the user something once nobody waits for it would keep its place until its time is up. */
  readonly #leaveLate = (resolution: CallResolution): void => {
    if (resolution.kind === 'waits' && (this.#isLeft || this.#exchange.signal.aborted)) resolution.leave();
  };

  /** Whether any call of ours was begun, in whichever round. */
  get haveBegun(): boolean {
    return this.#haveBegun;
  }

  /** What the model is told of a call of this round that is ours and whose end nobody waited for; `undefined` where it was never begun. */
  unfinished(key: string): CallResolution | undefined {
    return this.#begun.has(key) ? givenUp : undefined;
  }

  async #check(call: ToolCall): Promise<CallResolution> {
    if (this.#checks === undefined || !this.#isChecked(call)) return { kind: 'released', input: undefined };
    return resolveCall(call, this.#checks, { canAsk: this.#canAsk() });
  }

  #canAsk(): boolean {
    const { turn, request } = this.#exchange;
    const hasUser = !turn.isOneShot && turn.kind === 'user';
    // The answer to a question would go to a conversation of the provider's that waits for the call's output.
    return hasUser && !codecOf(request.api).request.isKeptByProvider(request.json);
  }

  #isChecked(head: CallHead): boolean {
    return this.#checks !== undefined && mayConcernCall(this.#checks, head);
  }

  #refuseTooMany(): void {
    if (this.#count > maxCalls) throw unreadable(`it has more than ${maxCalls} tool calls`);
  }
}

function resolutionOf(step: CallStep): CallResolution {
  return 'asks' in step ? { kind: 'waits', ...step } : { kind: 'answered', ...step };
}

/** As the record of an exchange names a tool. */
export function toolOf({ name, namespace }: CallHead): string {
  return namespace === undefined ? name : `${namespace}.${name}`;
}

function decisionOf(call: ToolCall, resolution: CallResolution): CallDecision {
  const by = resolution.kind === 'refused' ? resolution.refusedBy : undefined;
  return { callId: call.callId, tool: toolOf(call), verdict: verdictOf(resolution), by };
}

function verdictOf(resolution: CallResolution): CallDecision['verdict'] {
  switch (resolution.kind) {
    case 'released':
      return resolution.input === undefined ? 'allowed' : 'changed';
    case 'refused':
    case 'answered':
      return resolution.kind;
    case 'ask':
    case 'waits':
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
