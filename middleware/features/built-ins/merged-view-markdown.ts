import type { Command } from '../commands/command.ts';
import { scopes, type ConfigSource } from '../../kernel/config-source.ts';
import type { ConfigProblem } from '../../platform/config/scopes/files/config-problem.ts';
import { explainSnapshot } from '../../platform/config/scopes/explain.ts';
import { isWithin } from '../../platform/config/scopes/find-workspace.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import { amountText } from './amount-text.ts';
import type { ConfiguredHooks } from './built-in-context.ts';
import { codeSpan } from './code-markdown.ts';
import { shortPath, sourceMarkdown } from './source-markdown.ts';

/** The merged configuration in short: which file brings what, what is in force, what does not count and why. */
export function mergedViewMarkdown(
  snapshot: ProjectSnapshot,
  commands: readonly Command[],
  { entries }: Pick<ConfiguredHooks, 'entries'>,
): string {
  const { workspace, ignored, problems } = snapshot;
  const parts = [...contributions(snapshot, commands, entries)];
  return [
    `## Configuration of ${codeSpan(workspace)}`,
    parts.length === 0
      ? 'Nothing is configured here.'
      : parts.map((part) => contributionLine(part, snapshot)).join('\n'),
    ...section('In force', inForce(snapshot)),
    ...section(
      'Not counted, by policy',
      ignored.map(
        ({ key, source, reason }) => `- ${codeSpan(key)} (${sourceMarkdown(source, snapshot)}): ${reason}`,
      ),
    ),
    ...section(
      'Problems',
      problems.map((problem) => problemLine(problem, snapshot)),
    ),
    '`/config list` shows every value.',
  ]
    .join('\n\n')
    .concat('\n');
}

type Kind = 'command' | 'hook' | 'MCP server' | 'rule' | 'setting' | 'variable';

interface Contribution {
  readonly source: ConfigSource;
  readonly counts: Map<Kind, number>;
}

/** What each file or folder brings, the strongest scope first. */
function contributions(
  snapshot: ProjectSnapshot,
  commands: readonly Command[],
  hooks: ConfiguredHooks['entries'],
): readonly Contribution[] {
  const found = new Map<string, Contribution>();
  const count = (source: ConfigSource, file: string, kind: Kind): void => {
    const entry = found.get(file) ?? { source: { ...source, file }, counts: new Map<Kind, number>() };
    entry.counts.set(kind, (entry.counts.get(kind) ?? 0) + 1);
    found.set(file, entry);
  };
  for (const { key, source } of explainSnapshot(snapshot)) {
    const kind = kindOf(key);
    if (kind !== 'hook') count(source, source.file, kind);
  }
  for (const { source } of hooks) count(source, source.file, 'hook');
  for (const { source } of commands) count(source, folderOf(source.file, snapshot), 'command');
  return [...found.values()].sort(
    (one, other) => scopes.indexOf(one.source.scope) - scopes.indexOf(other.source.scope),
  );
}

function kindOf(key: string): Kind {
  if (/^permissions\.(?:allow|ask|deny)\[/.test(key)) return 'rule';
  if (key.startsWith('hooks[')) return 'hook';
  if (/^mcpServers\b/.test(key)) return 'MCP server';
  return /^env\b/.test(key) ? 'variable' : 'setting';
}

function folderOf(file: string, { commandFolders }: ProjectSnapshot): string {
  return commandFolders.find(({ folder }) => isWithin(folder, file))?.folder ?? file;
}

function contributionLine({ source, counts }: Contribution, snapshot: ProjectSnapshot): string {
  const amounts = [...counts].map(([kind, amount]) => amountText(amount, kind));
  return `- ${sourceMarkdown(source, snapshot)}: ${amounts.join(', ')}`;
}

function inForce(snapshot: ProjectSnapshot): readonly string[] {
  const { model, defaultMode, disableAllHooks } = snapshot.settings;
  const winners = [
    ['Model', model],
    ['Permission mode', defaultMode],
    ['All hooks switched off', disableAllHooks],
  ] as const;
  return winners.flatMap(([title, winner]) =>
    winner === undefined
      ? []
      : [`- ${title}: ${codeSpan(String(winner.written))} (${sourceMarkdown(winner.source, snapshot)})`],
  );
}

function problemLine(
  { file, line, column, path, reason, leftOut }: ConfigProblem,
  places: ProjectSnapshot,
): string {
  const at = line === undefined ? '' : `:${line}${column === undefined ? '' : `:${column}`}`;
  const where = path === '' ? '' : ` ${codeSpan(path)}`;
  const what = leftOut === 'file' ? 'what the file said before counts' : 'the rest of the file counts';
  return `- ${codeSpan(`${shortPath(file, places)}${at}`)}${where} ${reason}; ${what}`;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`### ${title}`, lines.join('\n')];
}
