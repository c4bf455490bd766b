import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { isWithin, type Mount } from '../guarded/sandbox-mounts.ts';
import type { SandboxCommand } from './sandbox-policy.ts';

/** What macOS' sandbox is asked for, in the words of `@anthropic-ai/sandbox-runtime`. */
interface SeatbeltRules {
  readonly network?: { readonly allowedDomains: string[]; readonly deniedDomains: string[] };
  readonly filesystem: {
    readonly denyRead: string[];
    readonly allowRead: string[];
    readonly allowWrite: string[];
    readonly denyWrite: string[];
  };
}

/** The planned mounts as rules: macOS cannot show an empty folder in place of a hidden one, it refuses to open it. */
export function seatbeltRules(mounts: readonly Mount[], { network }: { network: boolean }): SeatbeltRules {
  const pathsOf = (...kinds: readonly Mount['kind'][]): string[] =>
    mounts.filter(({ kind }) => kinds.includes(kind)).map(({ path }) => path);
  const writable = pathsOf('writable');
  return {
    // Without domains there is no network; without the section all of it.
    ...(network ? {} : { network: { allowedDomains: [], deniedDomains: [] } }),
    filesystem: {
      denyRead: pathsOf('hidden', 'private', 'secret'),
      allowRead: pathsOf('readable', 'writable'),
      allowWrite: writable,
      denyWrite: pathsOf('readable').filter((path) => writable.some((folder) => isWithin(path, folder))),
    },
  };
}

/** Why there is no sandbox on this Mac; `undefined` when there is one. */
export async function seatbeltFault(): Promise<string | undefined> {
  try {
    await access('/usr/bin/sandbox-exec', constants.X_OK);
  } catch {
    return '/usr/bin/sandbox-exec, a part of macOS, is missing';
  }
  try {
    await import('@anthropic-ai/sandbox-runtime');
    return undefined;
  } catch {
    return 'the package @anthropic-ai/sandbox-runtime is not installed: run npm ci';
  }
}

/** The command as macOS' sandbox starts it. */
export async function wrapWithSeatbelt(
  { file, args }: SandboxCommand,
  rules: SeatbeltRules,
): Promise<{ readonly file: string; readonly args: readonly string[] }> {
  const { SandboxManager } = await import('@anthropic-ai/sandbox-runtime');
  // The library points TMPDIR there and does not make it.
  await mkdir('/tmp/claude', { recursive: true, mode: 0o700 });
  const line = [file, ...args].map(quoted).join(' ');
  const wrapped = await SandboxManager.wrapWithSandbox(line, '/bin/bash', rules);
  // Privileged mode: the shell that starts the sandbox obeys no variable of the command's.
  return { file: '/bin/bash', args: ['-p', '-c', wrapped] };
}

/** A word that a shell takes as it is. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
