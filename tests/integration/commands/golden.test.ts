import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandCatalog } from '../../../middleware/features/commands/find/command-catalog.ts';
import { expandCommand } from '../../../middleware/features/commands/expand/expand-command.ts';
import { matchCommand } from '../../../middleware/features/commands/match-command.ts';
import { shellCommandLine } from '../../../middleware/features/commands/expand/shell-command-line.ts';
import {
  shellResultOf,
  type ShellResult,
} from '../../../middleware/features/commands/expand/shell-result.ts';
import { commandFolders } from '../../../middleware/platform/config/scopes/folders/command-folders.ts';
import { familyFolders } from '../../../middleware/platform/config/scopes/folders/family-folders.ts';
import { run } from '../../../middleware/platform/process/run.ts';
import { layOut, parseCase, sectionOf, type CaseFolders, type CommandCase } from './command-case.ts';

const folder = join(import.meta.dirname, '../../fixtures/commands');
const cases = readdirSync(folder)
  .filter((name) => name.endsWith('.case'))
  .map((name) => [name.replace('.case', ''), parseCase(readFileSync(join(folder, name), 'utf8'))] as const);

describe('golden cases of commands', () => {
  test.each(cases.map(([name, commandCase]) => [`${name}: ${commandCase.rule}`, commandCase] as const))(
    '%s',
    async (_name, commandCase) => {
      await using folders = await layOut(commandCase);
      const outcome = await answer(commandCase, folders);
      const expected = commandCase.sections
        .filter(({ heading }) => outcomes.includes(heading))
        .map(({ heading, text }) => [heading, text]);
      expect(Object.entries(outcome).filter(([, text]) => text !== '')).toEqual(expected);
    },
  );
});

/** The sections that tell what comes of a prompt, in the order in which they stand in a case. */
const outcomes = ['passes', 'refused', 'attached', 'sends', 'settings', 'hint'];

async function answer(commandCase: CommandCase, folders: CaseFolders): Promise<Record<string, string>> {
  const prompt = folders.withPaths(sectionOf(commandCase, 'prompt') ?? '');
  const workspace = join(folders.project, sectionOf(commandCase, 'workspace') ?? '');
  const call = matchCommand(prompt, { isCodex: sectionOf(commandCase, 'client') === 'codex' });
  if (call === undefined) return { passes: 'not a call' };
  const catalog = new CommandCatalog({ now: () => performance.now() });
  const enterprise = [{ folder: folders.managed, family: 'codexplus' }] as const;
  const found = await catalog.find(
    commandFolders(workspace, familyFolders(folders.home), enterprise),
    call.name,
  );
  if (found.kind !== 'command') return { passes: found.kind };
  const expansion = await expandCommand(
    found.command,
    call.args,
    {
      workspace,
      homeDir: folders.home,
      sessionId: 'session-1',
      effort: undefined,
      positionals: (sectionOf(commandCase, 'positionals') as 'zero' | 'one' | undefined) ?? 'auto',
    },
    {
      runShell: (line) => runShell(line, workspace, sectionOf(commandCase, 'shell')),
      runScript: () => Promise.resolve({ kind: 'refused', reason: 'not here' }),
      mayRead: (path) => !path.endsWith('.env'),
      saveOutput: () => Promise.resolve('/saved/output.txt'),
    },
  );
  if (expansion.kind === 'refused') return { refused: folders.withoutPaths(expansion.message) };
  const { blocks, attachments, settings, hints } = expansion;
  const asked = Object.entries(settings).filter(
    ([, value]) => value !== undefined && JSON.stringify(value) !== '[]',
  );
  return {
    attached: folders.withoutPaths(
      attachments.map((part) => (part.kind === 'text' ? part.text : `[${part.mediaType}]`)).join('\n'),
    ),
    sends: folders.withoutPaths(blocks.join('')),
    settings: asked.map(([key, value]) => `${key}: ${JSON.stringify(value)}`).join('\n'),
    hint: hints.join('\n'),
  };
}

async function runShell(line: string, cwd: string, rule: string | undefined): Promise<ShellResult> {
  if (rule === 'disabled') return { kind: 'disabled' };
  if (rule === 'refused')
    return { kind: 'refused', reason: `Permission to use Bash with command ${line} has been denied.` };
  const timeoutMs = rule === 'hasty' ? 100 : 20_000;
  const end = await run({
    ...shellCommandLine(line, process.platform),
    cwd,
    env: { PATH: process.env['PATH'] },
    timeoutMs,
    maxOutputLength: 1_000_000,
    signal: new AbortController().signal,
  });
  return shellResultOf(end, timeoutMs);
}
