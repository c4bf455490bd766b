/** How a child process ended: what `run` and `runBounded` both tell. */
export interface ProcessEnd {
  readonly ending:
    'exited' | 'killed' | 'timed-out' | 'aborted' | 'too-much-output' | 'flooded' | 'not-started';
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether stdout was longer than what was kept. */
  readonly isCut?: boolean;
  /** How it ended, as the end of a sentence: `ended with exit code 2`. */
  readonly summary: string;
}
