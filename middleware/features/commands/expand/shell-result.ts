import type { ProcessEnd } from './process-end.ts';

/** What became of a shell line. */
export type ShellResult =
  | { readonly kind: 'succeeded' | 'failed'; readonly stdout: string; readonly stderr: string }
  /** It must not run, or whoever was asked said no. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** No shell line of any command runs here. */
  | { readonly kind: 'disabled' };

/** The result of a shell line that was run, in the words that Claude Code has for its end. */
export function shellResultOf(run: ProcessEnd, timeoutMs: number): ShellResult {
  const { ending, exitCode, stdout } = run;
  if (ending === 'exited')
    return { kind: exitCode === 0 ? 'succeeded' : 'failed', stdout, stderr: run.stderr };
  const end =
    ending === 'timed-out' ? `Command timed out after ${timeoutMs / 1000}s` : `Command ${run.summary}`;
  return { kind: 'failed', stdout, stderr: [run.stderr, end].filter((text) => text !== '').join('\n') };
}
