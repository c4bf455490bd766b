import type { Item } from '../fake-upstream/step.ts';

/** What a strict provider gave with what its model thought, and wants back with the calls that came of it. */
export class GivenSeals {
  readonly #sealOf: (count: number) => string;
  /** What was thought, by its seal. */
  readonly #thoughts = new Map<string, string>();
  /** The seal of what was thought before a call, by the call. */
  readonly #ofCalls = new Map<string, string>();

  /** `sealOf`: the seal of a thought, by how many there were before. */
  constructor(sealOf: (count: number) => string) {
    this.#sealOf = sealOf;
  }

  /** An answer with a seal of its own for each thought. */
  sealed(items: readonly Item[]): readonly Item[] {
    let last: string | undefined;
    return items.map((item) => {
      if (item.kind === 'reasoning') {
        last = this.#sealOf(this.#thoughts.size);
        this.#thoughts.set(last, item.text);
        return { ...item, seal: last };
      }
      if (item.kind !== 'text' && last !== undefined) this.#ofCalls.set(item.callId, last);
      return item;
    });
  }

  /** What was thought under a seal; `undefined` for one that was not given here. */
  thought(seal: unknown): string | undefined {
    return this.#thoughts.get(String(seal));
  }

  /** The seals of these calls that are not among those that came back. */
  missing(callIds: readonly unknown[], present: readonly unknown[]): readonly string[] {
    return callIds
      .map((callId) => this.#ofCalls.get(String(callId)))
      .filter((seal) => seal !== undefined && !present.includes(seal))
      .map(String);
  }
}
