import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { needsTrust } from './needs-trust.ts';
import { leaveSubject } from './subjects.ts';
import type { TrustSubject } from './trust-record.ts';
import type { ConfigSource } from '../../kernel/config-source.ts';
import type { PermissionRule } from '../../kernel/permission-rule.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';

/** What one file of a project lets tool calls do without a question. */
export interface Leave {
  readonly subject: TrustSubject;
  /** Absolute. */
  readonly file: string;
  /** What stands there: `allow Bash(make *)`, `mode acceptEdits`, `directory ../docs`. */
  readonly lines: readonly string[];
  /** The same as the file has it. */
  readonly texts: readonly string[];
}

/** For whoever has to allow it, as the object of "wants to run". */
export const whatLeaveIs = 'tool calls of the model without asking you';

/**
 * The leave that a project gives itself, which counts only once somebody allowed it: rules that allow, the mode
 * `acceptEdits`, and folders besides its own. What it forbids counts at once.
 */
export function leavesOfProject(
  rules: readonly PermissionRule[],
  { workspace, settings }: Pick<ProjectSnapshot, 'workspace' | 'settings'>,
): readonly Leave[] {
  const { defaultMode, additionalDirectories } = settings;
  const given: readonly Line[] = [
    ...rules
      .filter(({ behavior }) => behavior === 'allow')
      .map(({ text, source }) => ({ text: `allow ${text}`, written: text, source })),
    ...(defaultMode?.value === 'acceptEdits'
      ? [{ text: 'mode acceptEdits', written: 'acceptEdits', source: defaultMode.source }]
      : []),
    ...additionalDirectories.map(({ value, source }) => ({
      ...{ text: directoryLine(value, workspace), written: value, source },
    })),
  ];
  const byFile = Map.groupBy(
    given.filter(({ source }) => needsTrust(source)),
    ({ source }) => source.file,
  );
  return [...byFile].map(([file, found]) => {
    const lines = found.map(({ text }) => text);
    const texts = found.map(({ written }) => written);
    return { file, lines, texts, subject: leaveSubject(workspace, lines) };
  });
}

/** With where it leads: a link is as good as what it stands for, and may be another one tomorrow. */
function directoryLine(value: string, workspace: string): string {
  const real = realPathOf(resolve(workspace, value));
  return real === resolve(realPathOf(workspace), value)
    ? `directory ${value}`
    : `directory ${value} (${real})`;
}

function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // There is nothing yet, or nothing that may be seen.
    return path;
  }
}

interface Line {
  readonly text: string;
  readonly written: string;
  readonly source: ConfigSource;
}
