import type { Environment } from '../platform/config/environment.ts';

/** What a sub-command works with; entry files make it, tests make their own. */
export interface CliContext {
  /** The project's root. */
  readonly rootDir: string;
  /** Where the command was called. */
  readonly cwd: string;
  readonly home: string;
  readonly env: Environment;
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  /** Whether a person reads the output and can be asked. */
  readonly isInteractive: boolean;
}
