import type { ConfigSource } from '../../../kernel/config-source.ts';

/** A value with the place that set it. */
export interface Sourced<T> {
  readonly value: T;
  readonly source: ConfigSource;
  /** As it stands in the file: differs from the value where `${VAR}` was replaced in it. */
  readonly written: T;
}

/** A value that won, with those that it won over, the strongest first. */
export interface Winner<T> extends Sourced<T> {
  readonly overridden: readonly Sourced<T>[];
}
