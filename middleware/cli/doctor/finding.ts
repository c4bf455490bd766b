/** What one check found. */
export type Finding = Passed | Fault;

interface Passed {
  /** Names the check; scripts may rely on it. */
  readonly id: string;
  readonly level: 'ok';
  readonly what: string;
}

/** What is wrong, where, and what to do about it. A `problem` keeps something from working, a `warning` may. */
export interface Fault {
  readonly id: string;
  readonly level: 'warning' | 'problem';
  readonly what: string;
  /** A file with its line, a variable, an address. */
  readonly where?: string;
  /** What its reader can do. */
  readonly todo: string;
  readonly fix?: Fix;
}

/** What the doctor can do itself, because it is safe and can be taken back. */
export interface Fix {
  /** As the end of "may I …?". */
  readonly describe: string;
  /** Rejects with a plain sentence when it did not work. */
  readonly apply: () => Promise<void>;
}
