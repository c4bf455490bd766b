import { realpath } from 'node:fs/promises';
import { findFileReferences, resolvePath } from '../expand/file-references.ts';
import { splitArguments } from '../expand/split-arguments.ts';
import { decide } from '../../policy/evaluate-rules.ts';
import { needsTrust } from '../../trust/needs-trust.ts';
import { orAbsent } from '../../../kernel/or-absent.ts';
import type { ProjectSnapshot } from '../../../platform/config/scopes/project-snapshot.ts';
import { policyContextOf } from '../../policy/policy-context-of.ts';
import type { CommandPermissions } from './command-permissions.ts';

interface OutsideReads {
  /** What the user has to allow first, without symbolic links. */
  readonly asked: readonly string[];
  /** Whether a file may be read once that is allowed. */
  readonly mayRead: CommandPermissions['mayRead'];
}

interface ReadsOfCall {
  /** Whether somebody else than the user chose what the command reads. */
  readonly isOfOthers: boolean;
  readonly args: string;
  readonly project: ProjectSnapshot;
  /** The `@path` of the prompt, as they are written. */
  readonly references: readonly string[];
  readonly mayRead: CommandPermissions['mayRead'];
}

/**
 * The files outside of the project that a project's command would send to the model. What the user typed as an argument is
 * the user's own choice, and what a rule of the user's allows needs no question; rules that the project brings do not count
 * here. What turns up only in the output of a shell line or a script is not read.
 */
export async function outsideReads({
  isOfOthers,
  args,
  project,
  ...call
}: ReadsOfCall): Promise<OutsideReads> {
  if (!isOfOthers) return { asked: [], mayRead: call.mayRead };
  const pathsOf = async (written: string): Promise<readonly string[]> => {
    const path = resolvePath(written, project.workspace, project.home);
    const real = await orAbsent(realpath(path));
    return real === undefined ? [] : [path, real];
  };
  const typed = [...splitArguments(args), ...findFileReferences(args).map(({ path }) => path)];
  const chosen = new Set((await Promise.all(typed.map(pathsOf))).flat());
  const isFree = (path: string): boolean => chosen.has(path) || isAllowed(path, project);
  const named = await Promise.all(call.references.map(pathsOf));
  const outside = named.filter((paths) => paths.every(call.mayRead) && !paths.every(isFree));
  const asked = new Set(outside.flat());
  return {
    asked: [...new Set(outside.flatMap(([, real]) => real ?? []))].sort(),
    mayRead: (path) => call.mayRead(path) && (isFree(path) || asked.has(path)),
  };
}

function isAllowed(path: string, project: ProjectSnapshot): boolean {
  const rules = project.settings.rules.filter(
    (rule) => rule.behavior !== 'allow' || !needsTrust(rule.source),
  );
  const additionalDirectories = project.settings.additionalDirectories.filter(
    ({ source }) => !needsTrust(source),
  );
  const settings = { ...project.settings, additionalDirectories };
  const context = policyContextOf({ ...project, settings }, 'default', []);
  return decide({ kind: 'file', tool: 'Read', path }, rules, context).behavior === 'allow';
}
