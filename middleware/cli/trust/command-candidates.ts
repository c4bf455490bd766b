import { createHash } from 'node:crypto';
import { CommandCatalog } from '../../features/commands/find/command-catalog.ts';
import type { Command } from '../../features/commands/command.ts';
import { findShellInclusions } from '../../features/commands/expand/shell-inclusions.ts';
import { labelOf } from '../../features/hooks/config/hook-entry.ts';
import { parseHooks } from '../../features/hooks/config/parse-hooks.ts';
import { isContent } from '../../features/trust/provenance.ts';
import { nodeFileAccess } from '../../platform/config/scopes/files/file-access.ts';
import { splitFrontMatter } from '../../platform/config/front-matter.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import { subjectOfCommand } from '../../features/commands/subject-of-command.ts';
import type { Candidate } from './candidate.ts';

const maxBytes = 8 * 1024 * 1024;

/** The commands of a project that run something by themselves: scripts, and those with shell lines or hooks. */
export async function commandCandidates(snapshot: ProjectSnapshot): Promise<readonly Candidate[]> {
  const catalog = new CommandCatalog({ now: () => performance.now() });
  const commands = await catalog.list(snapshot.commandFolders);
  const candidates = await Promise.all(commands.map((command) => candidateOf(command, snapshot.workspace)));
  return candidates.filter((candidate) => candidate !== undefined);
}

async function candidateOf(command: Command, project: string): Promise<Candidate | undefined> {
  const { name, kind, source } = command;
  const reading = await nodeFileAccess.read(source.file, maxBytes);
  if (reading.kind !== 'bytes') return undefined;
  // What is shown and what is hashed are the same bytes.
  const contentHash = createHash('sha256').update(reading.bytes).digest('hex');
  const subject = subjectOfCommand({ ...command, contentHash }, project);
  if (subject === undefined) return undefined;
  const text = reading.bytes.toString('utf8');
  const isScript = kind === 'javascript' || kind === 'python';
  const found = isScript ? { parts: ['script'], runs: text } : linesOf(text, command);
  if (found.parts.length === 0) return undefined;
  const what = `the ${found.parts.join(' and ')} of /${name}`;
  return {
    subject,
    what,
    runs: found.runs,
    file: source.file,
    isOf: isContent(contentHash),
    permissions: [],
  };
}

interface Lines {
  /** What it has of what runs. */
  readonly parts: readonly string[];
  readonly runs: string;
}

function linesOf(text: string, { source }: Command): Lines {
  const { data, body } = splitFrontMatter(text);
  const shellLines = findShellInclusions({ text: body, inserted: [] }).map(({ command }) => command);
  const hooks = parseHooks([{ source, value: data['hooks'] }]).entries.map(
    ({ event, handler }) => `${event}: ${labelOf(handler)}`,
  );
  return {
    parts: [...(shellLines.length > 0 ? ['shell lines'] : []), ...(hooks.length > 0 ? ['hooks'] : [])],
    runs: [...shellLines, ...hooks].join('\n'),
  };
}
