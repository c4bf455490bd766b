import type { SandboxPolicy } from '../../../platform/process/sandbox/sandbox-policy.ts';

/**
 * What a hook gets in the sandbox for what it declares: `read_repo`, `write_repo`, `network`, `read_env:NAME`,
 * `run:PROGRAM`. A hook that declares nothing works in the project as Claude Code's own would: it sees it and may
 * change it, without network and with the harmless variables only. One that declares has what it names and no more;
 * `run:` brings the project along, for a program without anything to work on is of no use. What is not understood
 * gives nothing.
 */
export function declaredPolicy(
  workspace: string,
  permissions: readonly string[],
  readable: readonly string[],
): SandboxPolicy {
  const says = (name: string): boolean => permissions.includes(name);
  const runs = permissions.length === 0 || permissions.some((permission) => permission.startsWith('run:'));
  const writes = runs || says('write_repo');
  return {
    workspace,
    readRepo: writes || says('read_repo'),
    writable: writes ? [workspace] : [],
    readable,
    hidden: [],
    network: says('network'),
    readEnv: permissions.flatMap((permission) => /^read_env:(\w+)$/.exec(permission)?.[1] ?? []),
  };
}
