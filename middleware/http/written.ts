import type { CodexPlusError } from '../kernel/errors.ts';
import type { Ending, Usage } from '../kernel/outcome.ts';

/** What became of a reply on its way to the client. */
export interface Written {
  readonly ending: Exclude<Ending, 'local'>;
  readonly bytesOut: number;
  /** `performance.now()` at the first byte of the body. */
  readonly firstByteAt: number | undefined;
  readonly usage: Usage | undefined;
  readonly error: CodexPlusError | undefined;
}
