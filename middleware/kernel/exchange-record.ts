import type { RouteKind } from './route-kind.ts';
import type { Usage } from './usage.ts';

/** A call of a model that was made for an exchange and got an answer. */
export interface ModelCall {
  /** Whether it is a part of the client's answer, or what a hook or an MCP server wanted to know. */
  readonly purpose: 'answer' | 'hook' | 'sampling';
  readonly route: RouteKind;
  readonly provider: string | undefined;
  readonly status: number;
  /** What it used, where somebody read that; of the answer itself, its client's usage tells all rounds together. */
  readonly usage: Usage | undefined;
  /** In US dollars, where the upstream reports it in the answer's head. */
  readonly costUsd: number | undefined;
}

/** What was decided about a tool call of a model. Not what it was called with: that may be secret. */
export interface CallDecision {
  readonly callId: string;
  /** As the model names the tool. */
  readonly tool: string;
  /** `asked`: of the user; `stopped`: the turn ended over it; `answered`: it was run here. */
  readonly verdict: 'allowed' | 'changed' | 'refused' | 'answered' | 'asked' | 'stopped';
  /** The rule or the hook that refused it, for people. */
  readonly by: string | undefined;
}

/** What an upstream knows of a round: asked when the outcome is told. */
export interface Account {
  readonly usage: Usage | undefined;
  /** In US dollars. It may be known where nobody told the tokens. */
  readonly costUsd: number | undefined;
}

/** More than any answer has: of an upstream that calls tools without end, the first count. */
const maxEntries = 10_000;

/**
 * What came of an exchange besides its answer, for those who see its outcome. The same object in every copy that a
 * stage makes of the exchange, and in what hooks ask for it.
 */
export class ExchangeRecord {
  /** What came of the request's body, as it came. */
  bytesIn = 0;
  readonly #calls: ModelCall[] = [];
  readonly #decisions: CallDecision[] = [];
  #answerUsage: Usage | undefined;
  readonly #accounts: Account[] = [];
  #settled: Promise<unknown> = Promise.resolve();

  /** In the order in which their answers began. */
  get calls(): readonly ModelCall[] {
    return this.#calls;
  }

  get decisions(): readonly CallDecision[] {
    return this.#decisions;
  }

  addCall(call: ModelCall): void {
    if (this.#calls.length < maxEntries) this.#calls.push(call);
  }

  /** A call whose answer becomes an error: nobody reads from that what it used. */
  addFailedCall(call: ModelCall): void {
    this.addCall(call);
    if (call.usage !== undefined) this.addAnswerUsage(call.usage);
  }

  addDecision(decision: CallDecision): void {
    if (this.#decisions.length < maxEntries) this.#decisions.push(decision);
  }

  /**
   * What the rounds of the client's answer that are over used together, where the answer is read; for one that ends
   * before it says so itself.
   */
  get answerUsage(): Usage | undefined {
    if (!this.isAccounted) return this.#answerUsage;
    const told = this.#accounts.flatMap(({ usage }) => usage ?? []);
    return told.length === 0 ? undefined : told.reduce(sumOf);
  }

  /** Whether the upstream itself keeps account: what is read in the answers of such a one is in it already. */
  get isAccounted(): boolean {
    return this.#accounts.length > 0;
  }

  /** Of a round whose upstream knows what it used, however much of the answer is read by whom. */
  keepAccount(account: Account): void {
    this.#accounts.push(account);
  }

  /** What a round used that its client's stream does not tell. */
  addAnswerUsage(usage: Usage): void {
    this.#answerUsage = sumOf(this.#answerUsage, usage);
  }

  /** Before this, what it used is not known yet, or the answer goes on though its client left; never rejects. */
  settleAfter(ended: Promise<unknown>): void {
    const before = this.#settled;
    this.#settled = ended.then(() => before);
  }

  /** Its outcome is told then. */
  async untilSettled(): Promise<void> {
    await this.#settled;
  }

  setAnswerUsage(usage: Usage): void {
    this.#answerUsage = usage;
  }

  /** What the rounds of the client's answer cost together; `undefined` where no upstream said. */
  get answerCostUsd(): number | undefined {
    let sum: number | undefined;
    for (const { purpose, costUsd } of this.#calls)
      if (purpose === 'answer' && costUsd !== undefined) sum = (sum ?? 0) + costUsd;
    for (const { costUsd } of this.#accounts) if (costUsd !== undefined) sum = (sum ?? 0) + costUsd;
    return sum;
  }
}

function sumOf(before: Usage | undefined, usage: Usage): Usage {
  if (before === undefined) return usage;
  const isPriced = before.costUsd !== undefined || usage.costUsd !== undefined;
  return {
    inputTokens: before.inputTokens + usage.inputTokens,
    cachedInputTokens: before.cachedInputTokens + usage.cachedInputTokens,
    outputTokens: before.outputTokens + usage.outputTokens,
    reasoningTokens: before.reasoningTokens + usage.reasoningTokens,
    costUsd: isPriced ? (before.costUsd ?? 0) + (usage.costUsd ?? 0) : undefined,
  };
}
