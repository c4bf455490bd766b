import { randomUUID } from 'node:crypto';
import { BoundedMap } from '../../../kernel/bounds/bounded-map.ts';
import type { CallStep, RunningCall, WaitingRequest } from './running-call.ts';

interface Parked<Result> {
  /** Who asked, and for what: nobody else goes on with it. */
  readonly owner: string;
  readonly call: RunningCall<Result>;
  readonly timer: NodeJS.Timeout;
}

interface ParkedCallsOptions {
  readonly maxCalls: number;
  /** How long the answers to questions are waited for. */
  readonly waitMs: number;
}

/** The steps of a call as its client sees them: questions come with the name of the call that goes on with their answers. */
export type ParkedStep<Result> =
  | Extract<CallStep<Result>, { readonly kind: 'done' }>
  | (Extract<CallStep<Result>, { readonly kind: 'asks' }> & { readonly state: string });

const prefix = 'codex-plus:';

/** Whether a state names a parked call; any other is a server's own. */
export function isParked(state: string | undefined): state is string {
  return state?.startsWith(prefix) === true;
}

/** Calls whose servers wait for an answer of a client, which gives it with another request. */
export class ParkedCalls<Result> {
  readonly #options: ParkedCallsOptions;
  readonly #parked: BoundedMap<string, Parked<Result>>;

  constructor(options: ParkedCallsOptions) {
    this.#options = options;
    this.#parked = new BoundedMap(options.maxCalls, {
      onDropped: (parked) => {
        end(parked, 'too many calls wait for an answer of their users');
      },
    });
  }

  /** Runs a call up to its end or to its first question. */
  async start(owner: string, call: RunningCall<Result>): Promise<ParkedStep<Result>> {
    return this.#parkedStep(owner, call, await call.next());
  }

  /** Goes on with a call; `undefined` where there is none of this name for the owner. */
  async resume(
    state: string,
    owner: string,
    request: WaitingRequest,
    answers: Readonly<Record<string, unknown>>,
  ): Promise<ParkedStep<Result> | undefined> {
    const parked = this.#parked.get(state);
    if (parked?.owner !== owner) return undefined;
    this.#parked.delete(state);
    clearTimeout(parked.timer);
    return this.#parkedStep(owner, parked.call, await parked.call.proceed(request, answers));
  }

  close(): void {
    for (const [state, parked] of [...this.#parked]) {
      this.#parked.delete(state);
      end(parked, 'Codex-Plus stops');
    }
  }

  #parkedStep(owner: string, call: RunningCall<Result>, step: CallStep<Result>): ParkedStep<Result> {
    if (step.kind === 'done') return step;
    const state = `${prefix}${randomUUID()}`;
    const timer = setTimeout(() => {
      this.#parked.delete(state);
      end({ call, timer }, 'nobody answered the question of the server in time');
    }, this.#options.waitMs).unref();
    this.#parked.set(state, { owner, call, timer });
    return { ...step, state };
  }
}

function end(
  { call, timer }: Pick<Parked<unknown>, 'timer'> & { readonly call: Pick<RunningCall<unknown>, 'giveUp'> },
  why: string,
): void {
  clearTimeout(timer);
  call.giveUp(new Error(why));
}
