import type { BoundedEnd } from '../../../platform/process/bounded-child.ts';
import { runBounded } from '../../../platform/process/run-bounded.ts';
import type { Sandbox } from '../../../platform/process/sandbox/sandbox.ts';
import type { SandboxCommand } from '../../../platform/process/sandbox/sandbox-policy.ts';

interface SandboxedCommand {
  readonly command: SandboxCommand;
  /** The project: seen, may be changed, and where the command runs. */
  readonly workspace: string;
  /** Files that the command needs although their place is hidden. */
  readonly readable: readonly string[];
  readonly stdin: string;
  readonly timeoutMs: number;
  readonly maxOutputBytes: number;
  readonly signal: AbortSignal;
}

export type SandboxedRun =
  { readonly kind: 'ran'; readonly end: BoundedEnd } | { readonly kind: 'refused'; readonly reason: string };

/** A flood is ended long before its time limit. */
const floodFactor = 64;

/**
 * Runs a command of a project's file: no network, nothing changed outside the project, within time and output
 * limits. One that made what runs later is refused afterwards.
 */
export async function runInSandbox(sandbox: Sandbox, call: SandboxedCommand): Promise<SandboxedRun> {
  const { command, workspace, readable, stdin, timeoutMs, maxOutputBytes, signal } = call;
  const wrapped = await sandbox.wrap(command, {
    workspace,
    readRepo: true,
    writable: [workspace],
    readable,
    hidden: [],
    network: false,
    readEnv: [],
  });
  if (wrapped.kind === 'refused') return wrapped;
  const { file, args, env, undo, takeNote } = wrapped;
  const end = await runBounded({
    ...{ file, args, env, stdin, timeoutMs, signal },
    cwd: workspace,
    keepBytes: maxOutputBytes,
    floodBytes: maxOutputBytes * floodFactor,
  });
  const undone = await undo();
  if (undone !== undefined) return { kind: 'refused', reason: undone };
  // Of a run that never began nobody reads what it said: the next one tells it.
  const note = end.ending === 'not-started' || end.ending === 'aborted' ? undefined : takeNote();
  return { kind: 'ran', end: note === undefined ? end : { ...end, stderr: withLine(end.stderr, note) } };
}

function withLine(text: string, line: string): string {
  return text === '' || text.endsWith('\n') ? text + line : `${text}\n${line}`;
}
