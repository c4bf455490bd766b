import { CodexPlusError } from '../../kernel/errors.ts';
import type { FramePart } from '../../protocol/apis/round.ts';
import type { CallResolution } from './resolve-call.ts';

/** What may go out now: a piece as it is, or the pieces of a call with what was decided about it. */
export type Ready =
  | { readonly kind: 'piece'; readonly piece: FramePart }
  | {
      readonly kind: 'call';
      readonly key: string;
      readonly pieces: readonly FramePart[];
      readonly resolution: CallResolution;
    };

interface HeldCall {
  readonly key: string;
  readonly pieces: FramePart[];
  resolution: CallResolution | undefined;
  /** Resolves when it is decided; `undefined` while the call is not complete. */
  decided: Promise<void> | undefined;
}

type Entry =
  { readonly kind: 'piece'; readonly piece: FramePart } | { readonly kind: 'call'; readonly call: HeldCall };

/** Keeps the order of an answer while some of its calls are held: what comes behind one waits for it. */
export class HeldQueue {
  #entries: Entry[] = [];
  /** How many of the entries were taken. */
  #taken = 0;
  readonly #calls = new Map<string, HeldCall>();

  /**
   * Resolves when the call that all else waits for is decided; `undefined` where none is. One that was decided
   * since somebody looked is still waited for: nobody has taken it.
   */
  get deciding(): Promise<void> | undefined {
    const first = this.#entries[this.#taken];
    return first?.kind === 'call' ? first.call.decided : undefined;
  }

  add(piece: FramePart): void {
    this.#entries.push({ kind: 'piece', piece });
  }

  hold(key: string, piece: FramePart): void {
    this.#openCall(key).pieces.push(piece);
  }

  /** The call is complete, and is being decided. */
  decide(key: string, decision: Promise<CallResolution>): void {
    const call = this.#openCall(key);
    call.decided = decision.then((resolution) => {
      call.resolution = resolution;
    });
    // Whoever waits for it hears of a failure; until then nobody does.
    call.decided.catch(() => undefined);
  }

  /** Takes what may go out, in order. */
  *take(): Generator<Ready, void, undefined> {
    for (;;) {
      const first = this.#entries[this.#taken];
      if (first === undefined) return;
      if (first.kind === 'call') {
        const { key, pieces, resolution } = first.call;
        if (resolution === undefined) return;
        this.#drop();
        yield { kind: 'call', key, pieces, resolution };
      } else {
        this.#drop();
        yield first;
      }
    }
  }

  /** Gives up the calls that never became complete: their pieces. What waited for them may go out. */
  abandon(): readonly FramePart[][] {
    const open = [...this.#calls.values()].filter(({ decided }) => decided === undefined);
    const given = new Set(open);
    for (const { key } of open) this.#calls.delete(key);
    this.#entries = this.#entries
      .slice(this.#taken)
      .filter((entry) => entry.kind === 'piece' || !given.has(entry.call));
    this.#taken = 0;
    return open.map(({ pieces }) => pieces);
  }

  /** What was decided, by the keys of the calls. */
  resolutions(): ReadonlyMap<string, CallResolution> {
    return new Map(
      [...this.#calls].flatMap(([key, { resolution }]) =>
        resolution === undefined ? [] : [[key, resolution] as const],
      ),
    );
  }

  /**
   * Leaves the first one behind. Behind a call there may be hundreds of thousands, and moving them all up each time
   * would take minutes.
   */
  #drop(): void {
    this.#taken += 1;
    if (this.#taken * 2 <= this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#taken);
    this.#taken = 0;
  }

  /**
   * What is said of a call behind its end was not decided, and clients take it for a part of the call, or for
   * another one.
   */
  #openCall(key: string): HeldCall {
    const call = this.#callOf(key);
    if (call.decided === undefined) return call;
    throw new CodexPlusError('upstream_unreadable', 'the upstream went on with a call that it had ended');
  }

  #callOf(key: string): HeldCall {
    const known = this.#calls.get(key);
    if (known !== undefined) return known;
    const call: HeldCall = { key, pieces: [], resolution: undefined, decided: undefined };
    this.#calls.set(key, call);
    this.#entries.push({ kind: 'call', call });
    return call;
  }
}
