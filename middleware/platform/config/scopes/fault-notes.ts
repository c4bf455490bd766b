import type { FileFault } from './files/config-problem.ts';
import type { JsonPath } from './files/read-json-object.ts';

const maxNotes = 20;

/** Collects what is left out of one file. Bounded: finding each place costs a walk through the text. */
export class FaultNotes {
  readonly #faults: FileFault[] = [];
  readonly #faultAt: (path: JsonPath, reason: string) => FileFault;
  #more = 0;

  constructor(faultAt: (path: JsonPath, reason: string) => FileFault) {
    this.#faultAt = faultAt;
  }

  add(path: JsonPath, reason: string): void {
    if (this.#faults.length < maxNotes) this.#faults.push(this.#faultAt(path, reason));
    else this.#more += 1;
  }

  get faults(): readonly FileFault[] {
    if (this.#more === 0) return this.#faults;
    return [...this.#faults, this.#faultAt([], `has ${this.#more} more entries that are left out`)];
  }
}
