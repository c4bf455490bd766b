import { parseJson } from '../../kernel/json-object.ts';

/** What a model asked of a tool of the client. */
export interface AskedCall {
  readonly id: string;
  readonly name: string;
  /** JSON, in the very letters of the model where Codex tells them. */
  readonly input: string;
}

/**
 * What a model asked of the tools of the client in one turn, in its order. None is searched for: a model may ask as much as it likes, and
 * some give two calls the same id.
 */
export class AskedCalls {
  readonly #calls = new Set<AskedCall>();
  readonly #byId = new Map<string, Set<AskedCall>>();
  /** Told by `item/tool/call` alone, by their ids. */
  readonly #told = new Map<string, AskedCall>();
  /** The ids of those that Codex itself leaves to the client. */
  readonly #left = new Set<string>();
  /** Those that the model waits for: left to the client, or such as Codex cannot run, their input being no JSON. */
  readonly #waiting = new Set<AskedCall>();

  /** Whether the model waits for one of them. */
  get areWaitedFor(): boolean {
    return this.#waiting.size > 0;
  }

  inOrder(): readonly AskedCall[] {
    return [...this.#calls];
  }

  /** Codex leaves a call to the client, which the model may have been heard to ask. */
  leave(call: AskedCall): void {
    const { id } = call;
    const known = this.#byId.get(id);
    if (!this.#left.has(id)) for (const each of known ?? []) this.#waiting.add(each);
    this.#left.add(id);
    if (known !== undefined) return;
    this.#told.set(id, call);
    this.#add(call);
  }

  /** A call as the model wrote it. It has the place of what `leave` told: calls come in any order there, their arguments read and written anew. */
  ask(call: AskedCall): void {
    const told = this.#told.get(call.id);
    if (told !== undefined) this.#drop(told);
    this.#add(call);
  }

  /** Codex runs or has run it itself, whatever it is named: it is none of the client. */
  take(id: string): void {
    if (this.#left.has(id)) return;
    for (const each of this.#byId.get(id) ?? []) this.#drop(each);
  }

  #add(call: AskedCall): void {
    const { id, input } = call;
    this.#calls.add(call);
    const same = this.#byId.get(id);
    if (same === undefined) this.#byId.set(id, new Set([call]));
    else same.add(call);
    if (this.#left.has(id) || parseJson(input) === undefined) this.#waiting.add(call);
  }

  #drop(call: AskedCall): void {
    const { id } = call;
    this.#calls.delete(call);
    this.#waiting.delete(call);
    this.#told.delete(id);
    const same = this.#byId.get(id);
    same?.delete(call);
    if (same?.size === 0) this.#byId.delete(id);
  }
}
