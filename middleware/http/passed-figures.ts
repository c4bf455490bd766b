import type { CodexPlusError } from '../kernel/errors.ts';
import type { Ending } from '../kernel/outcome.ts';

/** What is known of a passed request that is over; the query may hold secrets and is left out. */
export interface PassedFigures {
  readonly id: string;
  readonly method: string | undefined;
  readonly path: string;
  readonly host: string;
  readonly status: number;
  readonly ending: Ending;
  readonly error: CodexPlusError | undefined;
  readonly totalMs: number;
}
