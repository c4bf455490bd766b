import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { redact } from '../../../platform/telemetry/redact.ts';
import type { Command } from '../command.ts';
import type { ProcessEnd } from './process-end.ts';
import { pythonRunner } from './python-runner.ts';
import { splitArguments } from './split-arguments.ts';

/** A child process that makes a prompt. */
export interface ScriptInvocation {
  readonly interpreter: 'node' | 'python';
  /** What follows the interpreter on its command line. */
  readonly args: readonly string[];
  readonly cwd: string;
  /** For its standard input: the script in base64, a line break, the context as JSON. */
  readonly input: string;
  readonly timeoutMs: number;
  readonly maxOutputBytes: number;
}

interface ScriptContext {
  readonly args: string;
  readonly workspace: string;
  readonly sessionId: string;
}

export type ScriptOutcome =
  { readonly kind: 'prompt'; readonly text: string } | { readonly kind: 'failed'; readonly reason: string };

const timeoutMs = 30_000;
const maxOutputBytes = 64 * 1024;
const maxReason = 2_000;

/** The child process for a JavaScript or Python command; its standard output is the prompt. */
export function scriptInvocation(command: Command, context: ScriptContext): ScriptInvocation {
  const { args, workspace, sessionId } = context;
  const { file } = command.source;
  const input = { args, argv: splitArguments(args), workspace, sessionId, command: command.name };
  const isPython = command.kind === 'python';
  return {
    interpreter: isPython ? 'python' : 'node',
    args: isPython ? ['-B', '-X', 'utf8', '-c', pythonRunner, file] : [javascriptRunner, file],
    cwd: workspace,
    // Not read again where it is run: between two readings it could be another.
    input: `${scriptOf(command)}\n${JSON.stringify(input)}`,
    timeoutMs,
    maxOutputBytes,
  };
}

function scriptOf({ name, script }: Command): string {
  if (script === undefined) throw new Error(`the script of /${name} was not read`);
  return script.toString('base64');
}

/** What the end of a script's process means. */
export function scriptOutcome(end: ProcessEnd): ScriptOutcome {
  const { ending, exitCode, stdout, stderr, summary } = end;
  if (end.isCut === true) return { kind: 'failed', reason: `wrote more than ${maxOutputBytes / 1024} KiB` };
  if (ending === 'exited' && exitCode === 0) {
    const text = stdout.replace(/\r?\n$/, '');
    return text.trim() === ''
      ? { kind: 'failed', reason: 'gave no prompt: return a text, or print it' }
      : { kind: 'prompt', text };
  }
  const detail = redact(stderr.trim()).slice(-maxReason);
  return { kind: 'failed', reason: detail === '' ? summary : `${summary}:\n${detail}` };
}

/** Beside this file, in its language: TypeScript where this runs from source, JavaScript where it was built. */
const javascriptRunner = fileURLToPath(new URL('./javascript-runner.ts', import.meta.url)).replace(
  /\.ts$/,
  extname(import.meta.url),
);
