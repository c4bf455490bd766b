import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Mount } from '../guarded/sandbox-mounts.ts';
import { run, type RunResult } from '../run.ts';
import type { FolderView, SandboxCommand } from './sandbox-policy.ts';
import { seccompFilter } from './seccomp-filter.ts';

/** A bubblewrap that was seen to work. */
export interface Bubblewrap {
  readonly program: string;
  /** It limits temporary folders and takes user namespaces from the command: from 0.8 on, unless it is installed setuid. */
  readonly canLimit: boolean;
}

const privateFolderBytes = 268_435_456;

interface Surroundings extends Bubblewrap {
  readonly mounts: readonly Mount[];
  readonly network: boolean;
  readonly view?: FolderView | undefined;
}

/** The command as bubblewrap starts it. */
export function wrapWithBubblewrap(
  { file, args }: Pick<SandboxCommand, 'file' | 'args'>,
  surroundings: Surroundings,
): { readonly file: string; readonly args: readonly string[] } {
  const command = [...bubblewrapArguments(surroundings), file, ...args];
  if (filterFile === undefined) return { file: surroundings.program, args: command };
  // Bubblewrap takes the filter from an open file, which a shell opens without a process of its own.
  const line = 'filter=$1; shift; exec "$@" 3< "$filter"';
  return {
    file: '/bin/sh',
    args: ['-c', line, 'sh', filterFile, surroundings.program, '--seccomp', '3', ...command],
  };
}

/** The system calls that are refused; written by scripts/seccomp.mjs for the processors that seccomp-filter.ts knows. */
const filterFile =
  seccompFilter(process.arch) === undefined
    ? undefined
    : fileURLToPath(new URL(`../seccomp/${process.arch}.bpf`, import.meta.url));

/** The arguments that go before the command: what it is cut off from, and what it sees. */
function bubblewrapArguments({ mounts, network, canLimit, view }: Surroundings): readonly string[] {
  const sized = canLimit ? ['--size', String(privateFolderBytes)] : [];
  return [
    ...['--unshare-user', '--unshare-ipc', '--unshare-pid', '--unshare-uts', '--unshare-cgroup-try'],
    ...(network ? [] : ['--unshare-net']),
    ...(canLimit ? ['--disable-userns'] : []),
    // Root keeps its capabilities otherwise, and could mount the places writable again.
    ...['--cap-drop', 'ALL'],
    // With us everything ends, also when we are killed; and nothing types into our terminal.
    ...['--die-with-parent', '--new-session'],
    ...['--ro-bind', '/', '/'],
    ...['--dev', '/dev', ...sized, '--tmpfs', '/dev/shm', '--remount-ro', '/dev'],
    ...['--proc', '/proc'],
    ...mounts.flatMap((mount) => mountArguments(mount, sized)),
    ...(view === undefined ? [] : viewArguments(view)),
    // Last: until now the places inside them had to be made.
    ...mounts.filter(isEmptyFolder).flatMap(({ path }) => ['--remount-ro', path]),
    ...(view === undefined ? [] : ['--remount-ro', view.folder]),
    '--',
  ];
}

function isEmptyFolder({ kind, isFolder }: Mount): boolean {
  return isFolder && (kind === 'hidden' || kind === 'secret');
}

function mountArguments({ kind, path, isFolder }: Mount, sized: readonly string[]): readonly string[] {
  switch (kind) {
    case 'hidden':
    case 'secret':
      // A device of ours that the command may not open.
      return isFolder ? ['--tmpfs', path] : ['--ro-bind', '/dev/null', path];
    case 'private':
      return [...sized, '--tmpfs', path];
    case 'readable':
      // One that went meanwhile needs none. Without `-try` nothing would run: whoever makes and removes files could
      // keep a hook away.
      return ['--ro-bind-try', path, path];
    case 'writable':
      return ['--bind', path, path];
  }
}

function viewArguments({ folder, files, links }: FolderView): readonly string[] {
  return [
    ...['--tmpfs', folder],
    ...files.flatMap((path) => ['--ro-bind', path, path]),
    ...[...links].flatMap(([path, target]) => ['--symlink', target, path]),
  ];
}

type Probe =
  | { readonly kind: 'works'; readonly bubblewrap: Bubblewrap }
  | { readonly kind: 'fails'; readonly reason: string };

/** Looks for bubblewrap and tries everything that a sandbox needs of it and of the kernel. */
export async function probeBubblewrap(searchPath: string | undefined): Promise<Probe> {
  const program = await findProgram('bwrap', searchPath);
  if (program === undefined) {
    return fails('bubblewrap is not installed: install the package bubblewrap (apt-get install bubblewrap)');
  }
  let said = '';
  for (const canLimit of [true, false]) {
    const { ending, exitCode, stderr, summary } = await attempt(program, canLimit);
    if (ending === 'exited' && exitCode === 0) return { kind: 'works', bubblewrap: { program, canLimit } };
    said = stderr === '' ? summary : stderr;
  }
  return fails(
    `${program} cannot make a sandbox on this machine (${said.trim().split('\n', 1).join('')}): ` +
      'docs/sandbox.md tells what containers and some distributions need',
  );
}

function attempt(program: string, canLimit: boolean): Promise<RunResult> {
  const mounts: readonly Mount[] = [{ kind: 'private', path: '/tmp', isFolder: true }];
  return run({
    ...wrapWithBubblewrap(
      { file: '/bin/sh', args: ['-c', ':'] },
      { program, canLimit, mounts, network: false },
    ),
    cwd: '/',
    env: {},
    timeoutMs: 10_000,
    maxOutputLength: 65_536,
    signal: new AbortController().signal,
  });
}

function fails(reason: string): Probe {
  return { kind: 'fails', reason };
}

/** The absolute path of a program: a bare name would be looked up again where the command's environment says. */
async function findProgram(name: string, searchPath: string | undefined): Promise<string | undefined> {
  for (const folder of (searchPath ?? '').split(delimiter).filter(isAbsolute)) {
    const file = join(folder, name);
    try {
      await access(file, constants.X_OK);
      return file;
    } catch {
      // The next folder may have it.
    }
  }
  return undefined;
}
