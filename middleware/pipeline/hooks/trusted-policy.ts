import type { TrustStore } from '../../features/trust/trust-store.ts';
import { leavesOfProject } from '../../features/trust/project-grants.ts';
import type { CallPolicy } from '../../features/calls/call-policy.ts';
import type { HookPlace } from '../../features/hooks/sessions/hook-place.ts';

/** A policy without the leave that a project gives itself and nobody allowed. */
export type TrustedPolicy = (policy: CallPolicy, place: HookPlace) => Promise<CallPolicy>;

export function createTrustedPolicy(trust: TrustStore): TrustedPolicy {
  return async (policy, { project, session }) => {
    // Where the client asks its own user, no leave of ours changes anything.
    if (!policy.asksUndecided) return policy;
    const untrusted = new Set<string>();
    for (const { subject, file } of leavesOfProject(policy.rules, project)) {
      if (!(await trust.isTrusted(subject, session.key))) untrusted.add(file);
    }
    if (untrusted.size === 0) return policy;
    const { additionalDirectories, defaultMode } = project.settings;
    const isModeOut = policy.mode === 'acceptEdits' && untrusted.has(defaultMode?.source.file ?? '');
    return {
      ...policy,
      rules: policy.rules.filter(
        ({ behavior, source }) => behavior !== 'allow' || !untrusted.has(source.file),
      ),
      mode: isModeOut ? 'default' : policy.mode,
      directories: additionalDirectories.filter(({ source }) => !untrusted.has(source.file)),
    };
  };
}
