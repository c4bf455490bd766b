import { UserError } from '../kernel/user-error.ts';

/** What a caller of the command line can tell apart by its exit code. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  notRunning: 3,
} as const;

/** Ends a sub-command with an exit code and a plain sentence on stderr; none where a client has said why. */
export class CliError extends UserError {
  readonly exitCode: number;

  constructor(message: string, exitCode: number = exitCodes.failed) {
    super(message);
    this.name = 'CliError';
    this.exitCode = exitCode;
  }
}
