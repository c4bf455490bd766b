import { agentCommandTimeoutMs, floodBytes, keptOutputBytes } from '../../features/hooks/hook-limits.ts';
import type { HookEffects } from '../../features/hooks/hook-effects.ts';
import { failedEnd } from '../../features/hooks/answer/within-time.ts';
import type { Sandbox } from '../../platform/process/sandbox/sandbox.ts';
import { decideCall } from '../../features/calls/call-rules.ts';
import type { HookPlace } from '../../features/hooks/sessions/hook-place.ts';

interface ProjectShellOptions {
  readonly place: Pick<HookPlace, 'project' | 'session'>;
  readonly sandbox: Pick<Sandbox, 'status'>;
  readonly runCommand: HookEffects['runCommand'];
}

/**
 * The shell of a model that checks something for a hook: in the sandbox, without network, and with the project as
 * it is. The user's rules hold for it; what they would ask about is refused. It is a model that writes the lines,
 * so that without a sandbox nothing runs, not even where the user does without one for commands of their own.
 */
export function createProjectShell({
  place: { project, session },
  sandbox,
  runCommand,
}: ProjectShellOptions): HookEffects['openShell'] {
  return async () => {
    const { available, reason = 'there is none' } = await sandbox.status();
    if (!available) {
      const need = 'an agent hook needs the sandbox, whatever sandbox.mode says';
      return { kind: 'refused', reason: `${need}: ${reason}` };
    }
    return {
      kind: 'ready',
      run: async (line, { env, signal }) => {
        const call = { tool: 'Bash', input: { command: line } };
        const rules = [...project.settings.rules, ...session.commandRules];
        const policy = { rules, mode: 'default', directories: [], asksUndecided: false } as const;
        const decision = decideCall(call, project, policy);
        if (decision.behavior === 'deny' || decision.behavior === 'ask') {
          return failedEnd('not-started', decision.reason);
        }
        return runCommand({
          ...{ file: '/bin/sh', args: ['-c', line], cwd: project.workspace, env, signal },
          stdin: '',
          timeoutMs: agentCommandTimeoutMs,
          keepBytes: keptOutputBytes,
          floodBytes,
          permissions: ['read_repo'],
          onStdout: () => undefined,
        });
      },
    };
  };
}
