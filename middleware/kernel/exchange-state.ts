/** Names a value that one feature keeps with an exchange, and says of what type it is. */
export class StateKey<T> {
  declare protected readonly type: T;
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/**
 * What features keep with one exchange while it is under way, each under a key of its own, as `http::Extensions` of
 * Rust has it. The same object in every copy that a stage makes of the exchange; gone with the last of them.
 */
export class ExchangeState {
  #values: Map<unknown, unknown> | undefined;

  get<T>(key: StateKey<T>): T | undefined {
    return this.#values?.get(key) as T | undefined;
  }

  set<T>(key: StateKey<T>, value: T): void {
    this.#values ??= new Map();
    this.#values.set(key, value);
  }
}
