import type { Scope } from '../../../kernel/config-source.ts';
import { closestName } from '../../../platform/config/closest-name.ts';
import { promptHint, type PromptCommand } from '../../mcp/contents/prompt-command.ts';
import type { CallSign } from './call-sign.ts';
import type { Command } from '../command.ts';
import type { CommandFault } from '../find/discover-commands.ts';
import { helpPattern } from './help-pattern.ts';

/** A command that is built in, or comes from elsewhere. */
export interface HelpEntry {
  /** Without the slash. */
  readonly name: string;
  readonly argumentHint: string | undefined;
  readonly description: string;
}

interface HelpOptions {
  readonly commands: readonly Command[];
  readonly builtIns: readonly HelpEntry[];
  /** Prompts of MCP servers. */
  readonly prompts?: readonly PromptCommand[];
  /** Servers whose prompts are not known yet. */
  readonly starting?: readonly string[];
  /** Part of a name or a description, upper and lower case alike; `*` stands for anything. */
  readonly pattern: string | undefined;
  /** The sign with which this client calls a command. */
  readonly sign?: CallSign;
  /** What is in the folders and is no command, told where everything is asked for. */
  readonly faults?: readonly CommandFault[];
}

/** Of one section; what is left over is found by a part of its name. */
const maxLines = 200;

const titles: readonly (readonly [scopes: readonly Scope[], title: string])[] = [
  [['enterprise'], 'Enterprise commands'],
  [['local', 'project'], 'Project commands'],
  [['user'], 'User commands'],
  [['cli'], 'Commands from the command line'],
];

const otherForms =
  'In Codex, call a command as `$name`, as `:name`, or with a space before `/name`; `codex exec` takes `/name`.';

/**
 * The answer to `/help`: Markdown, the commands by scope, each with its argument hint. What is built in, or a prompt, and has the
 * name of a command stands in its shadow.
 */
export function renderHelp({
  commands,
  builtIns: allBuiltIns,
  prompts = [],
  starting = [],
  pattern = '',
  sign = '/',
  faults = [],
}: HelpOptions): string {
  const matches = helpPattern(pattern);
  const callable = commands.filter(({ userInvocable }) => userInvocable);
  const taken = new Set(commands.map(({ name }) => name));
  const builtIns = allBuiltIns.filter(({ name }) => !taken.has(name));
  const promptEntries = prompts
    .filter(({ name }) => !taken.has(name))
    .map((prompt) => ({ ...prompt, argumentHint: promptHint(prompt) }));
  const groups = [
    section(
      'Built-in commands',
      builtIns.filter(matches).map((entry) => line(entry, sign)),
    ),
    ...titles.map(([scopes, title]) =>
      section(
        title,
        callable
          .filter(({ source }) => scopes.includes(source.scope))
          .filter(matches)
          .map((command) => `${line(command, sign)} (${labelOf(command)})`),
      ),
    ),
    section('Prompts of MCP servers', [
      ...promptEntries.filter(matches).map((entry) => line(entry, sign)),
      ...starting.map(
        (server) => `- … \`${server.replaceAll('`', "'")}\` is being started; its prompts show the next time`,
      ),
    ]),
    section('Not read', pattern.trim() === '' ? faults.map(faultLine) : []),
  ].filter((group) => group !== '');
  if (groups.length === 0) return nothingFound(pattern, [...builtIns, ...callable, ...promptEntries], sign);
  return `${[...(sign === '/' ? [] : [otherForms]), ...groups].join('\n\n')}\n`;
}

/** Where a command is from: `project`, or `project:frontend` for one in a folder. */
function labelOf({ source, namespace }: Command): string {
  return namespace === '' ? source.scope : `${source.scope}:${namespace}`;
}

function section(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return '';
  const left = lines.length - maxLines;
  const more =
    left > 0 ? [`- … and ${left} more: \`/help\` with a part of a name or description shows them`] : [];
  return `## ${title}\n\n${[...lines.slice(0, maxLines), ...more].join('\n')}`;
}

function faultLine({ file, reason }: CommandFault): string {
  return `- \`${file.replaceAll('`', "'")}\` ${reason}`;
}

function line({ name, argumentHint, description }: HelpEntry, sign: CallSign): string {
  const hint = argumentHint === undefined ? '' : ` ${argumentHint.replaceAll('`', "'")}`;
  return `- \`${sign}${name}${hint}\`: ${description}`;
}

function nothingFound(pattern: string, entries: readonly HelpEntry[], sign: CallSign): string {
  if (entries.length === 0) return 'There are no commands here.\n';
  const name = pattern.trim().replace(/^[/:$]/, '');
  const closest = closestName(
    name,
    entries.map((entry) => entry.name),
  );
  const question = closest === undefined ? '' : ` Did you mean \`${sign}${closest}\`?`;
  return `No command matches \`${name.replaceAll('`', "'")}\`.${question}\n`;
}
