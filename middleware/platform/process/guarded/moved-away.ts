import { isWithin } from './sandbox-mounts.ts';

interface Move {
  readonly path: string;
  readonly number: number;
}

/** Only those count that were made during one run. */
const maxMoves = 1_000;

/** What the sandboxes of this process moved away, so that one run is not blamed for what was done after another. */
class MovedAway {
  #moves: readonly Move[] = [];
  #next = 0;

  /** Of the next move. */
  get next(): number {
    return this.#next;
  }

  add(path: string): void {
    this.#moves = [...this.#moves, { path, number: this.#next++ }].slice(-maxMoves);
  }

  /** Whether it went, or a folder around it did, since a number was the next. */
  has(path: string, since: number): boolean {
    return this.#moves.some((move) => move.number >= since && isWithin(path, move.path));
  }
}

export const movedAway = new MovedAway();
