import type { Scope } from '../../../../kernel/config-source.ts';

/** What is wrong in a file. Says where and why, and never quotes the file, which may hold secrets. */
export interface FileFault {
  /** Counted from 1; `undefined` where no place in the text is to blame. */
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** `permissions.allow[1]`; empty for the file as a whole. */
  readonly path: string;
  readonly reason: string;
  /** What does not count: the present text of the whole `file` (the last good one stays), or the `entry` at the path. */
  readonly leftOut: 'file' | 'entry';
}

/** A fault with the file that has it. */
export interface ConfigProblem extends FileFault {
  readonly file: string;
  readonly scope: Scope;
}

/** A fault that no place in the text is to blame for: nothing of the file counts. */
export function fileFault(reason: string): FileFault {
  return { line: undefined, column: undefined, path: '', reason, leftOut: 'file' };
}
