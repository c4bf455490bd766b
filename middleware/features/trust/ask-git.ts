import { basename, dirname } from 'node:path';
import { run } from '../../platform/process/run.ts';

export interface GitOptions {
  /** Our environment, of which git gets the search path and the home folder. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** Over what a repository's own configuration says: it could name programs for each of these. */
const overrides = [
  ...['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'core.pager=cat', 'core.sshCommand=false'],
  ...['log.showSignature=false', 'gpg.program=false', 'protocol.allow=never'],
  // A folder that looks like a repository is none.
  'safe.bareRepository=explicit',
];

const variables = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  // No object is fetched for an answer, by no protocol: what fetches is the repository's to choose.
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: '',
};

/**
 * What git says of a file in an untrusted repository; `undefined` when it says nothing in time. Only for sub-commands
 * that read history and compare nothing with the working tree.
 */
export async function askGit(
  file: string,
  subCommand: readonly string[],
  { env, signal }: GitOptions,
): Promise<string | undefined> {
  const settings = overrides.flatMap((override) => ['-c', override]);
  const { ending, exitCode, stdout } = await run({
    file: 'git',
    args: [...settings, '--no-pager', '--literal-pathspecs', ...subCommand, '--', basename(file)],
    cwd: dirname(file),
    env: { PATH: env['PATH'], HOME: env['HOME'], LC_ALL: 'C', ...variables },
    timeoutMs: 3_000,
    maxOutputLength: 65_536,
    signal,
  });
  return ending === 'exited' && exitCode === 0 ? stdout : undefined;
}
