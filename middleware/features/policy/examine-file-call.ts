import type { Examination } from './examination.ts';
import { fileAllowance, nameMatcher, type FileUseKind } from './file-allowance.ts';
import { matchesParameter } from './rules/parameter-rules.ts';
import { absolutePath, namesOf } from './rules/path-rules.ts';
import type { PolicyContext } from './policy-context.ts';
import { reasons } from './reasons.ts';
import type { PolicyCall } from './policy-call.ts';

/** Looks at a call that reads, searches or changes a file. A search is a reading of the folder that it starts from. */
export function examineFileCall(
  call: Extract<PolicyCall, { readonly kind: 'file' | 'search' }>,
  context: PolicyContext,
): Examination {
  const use: FileUseKind = /^(?:Read|Grep|Glob|LS)$/.test(call.tool) ? 'read' : 'edit';
  const path = absolutePath(call.path, context);
  const names = namesOf(path, context.realpath);
  const notGranted = reasons.fileNotGranted(use === 'read' ? 'read from' : 'write to', path);
  return {
    isTouchedBy: (active) =>
      names.some(nameMatcher(active, use, context)) ||
      (active.tool === call.tool && matchesParameter(active.spec ?? '', call.input ?? {})),
    doubt: () => undefined,
    allowance: (allowRules) => {
      const whole = allowRules.find(({ tool, spec }) => tool === call.tool && spec === undefined);
      if (whole !== undefined) return { allowed: true, rule: whole.rule };
      const { allowed, rule } = fileAllowance(path, use, allowRules, context);
      if (!allowed) return { allowed, reason: notGranted };
      return rule === undefined ? { allowed } : { allowed, rule };
    },
    changesFiles: use === 'edit',
    deniedReason: (active) =>
      nameMatcher(active, use, context)(path)
        ? reasons.deniedFile
        : reasons.deniedLink(use === 'read' ? 'read' : 'edit', path),
    askedReason: notGranted,
  };
}
