import { randomUUID } from 'node:crypto';
import { FairMap } from '../../../kernel/bounds/fair-map.ts';
import type { Log } from '../../../kernel/log.ts';
import type { CallStep, RunningCall, WaitingRequest } from './running-call.ts';

/** Who asked, and for what: nobody else goes on with it. */
export interface ParkedOwner {
  readonly caller: string;
  /** One of the caller's. */
  readonly client: string;
  readonly asked: string;
}

interface Parked<Result> {
  readonly owner: ParkedOwner;
  readonly call: RunningCall<Result>;
  /** Stops to wait for whatever would end it. */
  readonly release: () => void;
}

interface ParkedCallsOptions {
  readonly maxCalls: number;
  /** How long the answers to questions are waited for. */
  readonly waitMs: number;
  /** How long the result of a call is kept whose server did not wait for them; as long, unless it is said. */
  readonly resultMs?: number;
  readonly log: Log;
}

/** The steps of a call as its client sees them: questions come with the name of the call that goes on with their answers. */
export type ParkedStep<Result> =
  | Extract<CallStep<Result>, { readonly kind: 'done' }>
  | (Extract<CallStep<Result>, { readonly kind: 'asks' }> & { readonly state: string });

/** By chance: a server may be another Codex-Plus, which names its own. */
const prefix = `codex-plus:${randomUUID()}:`;

/** Whether a state names a parked call of this process; any other is a server's own. */
export function isParked(state: string | undefined): state is string {
  return state?.startsWith(prefix) === true;
}

/** Calls whose servers wait for an answer of a client, which gives it with another request. */
export class ParkedCalls<Result> {
  readonly #options: ParkedCallsOptions;
  readonly #parked: FairMap<Parked<Result>>;

  constructor(options: ParkedCallsOptions) {
    this.#options = options;
    this.#parked = new FairMap({
      maxEntries: options.maxCalls,
      ownerOf: ({ owner: { caller, client } }) => [caller, client],
      onDropped: (parked) => {
        const { caller, asked } = parked.owner;
        options.log.warn('a call was given up, as too many wait for an answer of their users', {
          ...{ caller, asked },
        });
        end(parked, 'too many calls wait for an answer of their users');
      },
    });
  }

  /** Runs a call up to its end or to its first question. */
  async start(owner: ParkedOwner, call: RunningCall<Result>): Promise<ParkedStep<Result>> {
    return this.#parkedStep(owner, call, await call.next());
  }

  /** Goes on with a call; `undefined` where there is none of this name for the owner. */
  async resume(
    state: string,
    owner: ParkedOwner,
    request: WaitingRequest,
    answers: Readonly<Record<string, unknown>>,
  ): Promise<ParkedStep<Result> | undefined> {
    const parked = this.#parked.get(state);
    if (parked === undefined || !isSame(parked.owner, owner)) return undefined;
    this.#parked.delete(state);
    parked.release();
    return this.#parkedStep(owner, parked.call, await parked.call.proceed(request, answers));
  }

  /** Whether a call of this name waits. */
  has(state: string): boolean {
    return this.#parked.get(state) !== undefined;
  }

  /** Ends a call, where it still waits, and gives its place to another one. */
  drop(state: string, why: string): void {
    const parked = this.#parked.get(state);
    if (parked === undefined) return;
    this.#parked.delete(state);
    end(parked, why);
  }

  close(): void {
    for (const [state] of [...this.#parked]) this.drop(state, 'Codex-Plus stops');
  }

  #parkedStep(owner: ParkedOwner, call: RunningCall<Result>, step: CallStep<Result>): ParkedStep<Result> {
    if (step.kind === 'done') return step;
    const state = `${prefix}${randomUUID()}`;
    const late = (): void => {
      this.drop(state, 'nobody answered the question of the server in time');
    };
    const { waitMs, resultMs = waitMs } = this.#options;
    let timer = setTimeout(late, waitMs).unref();
    let isReleased = false;
    const release = (): void => {
      clearTimeout(timer);
      isReleased = true;
    };
    this.#parked.set(state, { owner, call, release });
    void call.ended.then(() => {
      if (isReleased) return;
      clearTimeout(timer);
      timer = setTimeout(late, resultMs).unref();
    });
    return { ...step, state };
  }
}

function isSame(one: ParkedOwner, other: ParkedOwner): boolean {
  return one.caller === other.caller && one.client === other.client && one.asked === other.asked;
}

function end({ call, release }: Pick<Parked<unknown>, 'call' | 'release'>, why: string): void {
  release();
  call.giveUp(new Error(why));
}
