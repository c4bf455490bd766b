import type { Command } from 'commander';

/** What every sub-command about a project takes. */
export interface ProjectOptions {
  /** The project's folder, instead of the one that the command line stands in. */
  readonly workspace?: string;
  readonly json?: boolean;
}

/** Adds `--workspace` and `--json`. */
export function withProjectOptions(command: Command): Command {
  return command
    .option('--workspace <dir>', 'the project, instead of this folder')
    .option('--json', 'print JSON');
}
