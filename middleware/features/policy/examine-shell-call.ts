import { bashMatcher } from './rules/bash-rules.ts';
import type { Examination } from './examination.ts';
import { examineShell, type ExaminedShell } from './examine-shell.ts';
import { nameMatcher, type FileUseKind } from './file-allowance.ts';
import { matchesParameter } from './rules/parameter-rules.ts';
import { namesOf } from './rules/path-rules.ts';
import type { PolicyContext } from './policy-context.ts';
import { reasons } from './reasons.ts';
import type { ActiveRule } from './rules/rule-syntax.ts';
import { shellAllowance } from './shell-allowance.ts';
import type { FileAccess } from './shell-reads.ts';
import type { PolicyCall } from './policy-call.ts';

/** Looks at a shell line: its commands for Bash rules, and the files that they read and write for path rules. */
export function examineShellCall(
  call: Extract<PolicyCall, { readonly kind: 'shell' }>,
  context: PolicyContext,
): Examination {
  const examined = examineShell(call.command, context);
  let files: readonly NamedFile[] | undefined;
  return {
    isTouchedBy: (active) => {
      if (active.tool === 'Read' || active.tool === 'Edit') {
        // Looking up where links lead is for those who have such rules.
        files ??= namedFiles(examined.accesses, context);
        return touchesFile(active, files, context);
      }
      if (active.tool !== 'Bash') return false;
      const spec = active.spec ?? '';
      return [...examined.texts].some(bashMatcher(spec)) || matchesParameter(spec, call.input ?? {});
    },
    doubt: (restricting) => doubtAbout(examined, restricting, context),
    allowance: (allowRules) => shellAllowance(examined, allowRules, context),
    changesFiles: examined.unresolved.has('write') || examined.accesses.some(isChange),
    hiddenChange:
      examined.fault ??
      examined.doubt ??
      (examined.suspectAccesses.some(isChange) ? reasons.unreadStarter : undefined),
    deniedReason: () => reasons.denied('Bash', `command ${call.command}`),
    askedReason: reasons.notGranted('Bash'),
  };
}

function isChange({ access, path }: FileAccess): boolean {
  return access === 'write' && !path.startsWith('/dev/');
}

/** Why rules that deny or ask may be about the line, though none is seen to be. */
function doubtAbout(
  examined: ExaminedShell,
  restricting: readonly ActiveRule[],
  context: PolicyContext,
): string | undefined {
  const isAbout = (...tools: readonly string[]): boolean =>
    restricting.some(({ tool }) => tools.includes(tool));
  if (!isAbout('Bash', 'Read', 'Edit')) return undefined;
  const { fault, doubt, unresolved, hasMoreFiles } = examined;
  // What is not read may use files as well as start programs.
  if (fault !== undefined || doubt !== undefined) return fault ?? doubt;
  if (hasMoreFiles && isAbout('Read', 'Edit')) return reasons.tooManyFiles;
  if ((unresolved.has('read') && isAbout('Read')) || (unresolved.has('write') && isAbout('Edit')))
    return reasons.unresolvedFile;
  const files = namedFiles(examined.suspectAccesses, context);
  return restricting.some((active) => isSuspect(active, examined) || touchesFile(active, files, context))
    ? reasons.unreadStarter
    : undefined;
}

function isSuspect({ tool, spec = '' }: ActiveRule, { suspects }: ExaminedShell): boolean {
  return tool === 'Bash' && [...suspects].some(bashMatcher(spec));
}

interface NamedFile {
  readonly name: string;
  readonly use: FileUseKind;
}

function namedFiles(accesses: readonly FileAccess[], context: PolicyContext): readonly NamedFile[] {
  return accesses.flatMap(({ access, path }) =>
    namesOf(path, context.realpath).map(
      (name) => ({ name, use: access === 'read' ? 'read' : 'edit' }) as const,
    ),
  );
}

function touchesFile(active: ActiveRule, files: readonly NamedFile[], context: PolicyContext): boolean {
  if (active.tool !== 'Read' && active.tool !== 'Edit') return false;
  const use: FileUseKind = active.tool === 'Read' ? 'read' : 'edit';
  const matches = nameMatcher(active, use, context);
  return files.some((file) => file.use === use && matches(file.name));
}
