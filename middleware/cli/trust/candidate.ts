import type { TrustSubject } from '../../features/trust/trust-record.ts';

/** Something in a project that runs only where it is trusted. */
export interface Candidate {
  readonly subject: TrustSubject;
  /** As the object of "wants to run": `a hook for PreToolUse`. */
  readonly what: string;
  /** What is run, as it is written. */
  readonly runs: string;
  /** The same on one line, what matters most first; where it is left out, `runs` is short enough. */
  readonly brief?: string;
  /** The file that it is written in; absolute. */
  readonly file: string;
  /** Whether a content of the file is the one that this was read from. */
  readonly isOf: (content: Buffer) => boolean;
  /** As declared; none: nothing was declared. */
  readonly permissions: readonly string[];
}
