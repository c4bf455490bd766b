import { join } from 'node:path';
import { findNodeAtLocation, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import type { Environment } from '../../platform/config/environment.ts';
import { switchedOnAgain } from '../claude/claude-variables.ts';
import { CliError } from '../cli-error.ts';
import { sdkVariables } from '../run.ts';
import type { InstallRecord } from '../../features/install/install-record.ts';
import type { PlannedFile } from '../../features/install/planned-file.ts';
import { editedFile } from './edited-file.ts';
import { SegmentedText } from './text-segments.ts';
import type { Segment } from '../../features/install/planned-file.ts';

interface PlanOthersOptions {
  readonly home: string;
  readonly env: Environment;
  readonly url: string;
}

/** Where Claude Code has the user's settings. */
export function claudeSettingsFile(home: string, env: Environment): string {
  return join(env['CLAUDE_CONFIG_DIR'] ?? join(home, '.claude'), 'settings.json');
}

/** What the user's shell reads when it starts. */
export function shellStartFile(home: string, env: Environment): string {
  const shell = env['SHELL'] ?? '';
  return join(home, shell.endsWith('zsh') ? '.zshrc' : shell.endsWith('bash') ? '.bashrc' : '.profile');
}

/** Claude Code's `settings.json` with our address in its `env`, and what is switched on again behind it. */
export function planClaude({ home, env, url }: PlanOthersOptions, record: InstallRecord): PlannedFile[] {
  const file = claudeSettingsFile(home, env);
  return [editedFile(file, installedAs(record, file), (before) => withClaudeAddress(before, url, file))];
}

/** The start file of the user's shell with the variables that SDKs read. */
export function planSdk({ home, env, url }: PlanOthersOptions, record: InstallRecord): PlannedFile[] {
  const file = shellStartFile(home, env);
  const lines = Object.entries(sdkVariables(url, {}))
    .filter(([name]) => name.endsWith('_URL'))
    .map(([name, value]) => `export ${name}=${value}`);
  return [
    editedFile(file, installedAs(record, file), (before) => {
      const edited = new SegmentedText(before);
      edited.append(`# codex-plus; \`codex-plus uninstall\` takes it out again\n${lines.join('\n')}\n`);
      return edited;
    }),
  ];
}

function installedAs(record: InstallRecord, file: string): InstallRecord['files'][number] | undefined {
  return record.files.find((known) => known.file === file);
}

/** Puts members in, by text: a JSON file that is written anew would lose the user's form. */
function withClaudeAddress(
  before: string,
  url: string,
  file: string,
): { readonly text: string; readonly segments: readonly Segment[] } {
  const wanted = Object.entries({ ANTHROPIC_BASE_URL: url, ...switchedOnAgain });
  const membersOf = (variables: typeof wanted): string =>
    variables.map(([name, value]) => `"${name}": ${JSON.stringify(value)}`).join(',\n    ');
  const edited = new SegmentedText(before);
  if (before.trim() === '') {
    edited.append(`{\n  "env": {\n    ${membersOf(wanted)}\n  }\n}\n`);
    return edited;
  }
  const root = parseSettings(before, file);
  if (findNodeAtLocation(root, ['env', 'ANTHROPIC_BASE_URL']) !== undefined) {
    throw new CliError(`${file} has an ANTHROPIC_BASE_URL of its own in "env"; take it out first`);
  }
  const env = findNodeAtLocation(root, ['env']);
  const place = env ?? root;
  if (place.type !== 'object') throw new CliError(`${file}: "env" is not an object; mend it first`);
  // Right behind the opening brace.
  const end = place.offset + 1;
  const isAlone = (place.children ?? []).length === 0;
  const [indent, outer] = env === undefined ? ['  ', ''] : ['    ', '  '];
  // What the user says of the others counts.
  const missing = wanted.filter(([name]) => findNodeAtLocation(root, ['env', name]) === undefined);
  const members = membersOf(missing);
  const own = env === undefined ? `"env": {\n    ${members}\n  }` : members;
  // What follows on the same line gets one of its own.
  const next = isAlone ? outer : indent;
  const rest = /^[ \t]*\r?\n/.test(before.slice(end)) ? '' : `\n${next}`;
  const inserted = `\n${indent}${own}${isAlone ? '' : ','}${rest}`;
  return {
    text: before.slice(0, end) + inserted + before.slice(end),
    segments: [{ kind: 'insert', at: 'start', text: inserted }],
  };
}

function parseSettings(text: string, file: string): Node {
  const errors: ParseError[] = [];
  const json = text.replace(/^\ufeff/, ' ');
  // As strictly as the file is read later: with a comment in it nothing of it would count.
  const root = parseTree(json, errors, { disallowComments: true });
  const [error] = errors;
  if (error === undefined && root?.type === 'object') return root;
  const line = json.slice(0, error?.offset ?? 0).split('\n').length;
  const isComment = error !== undefined && printParseErrorCode(error.error) === 'InvalidCommentToken';
  throw new CliError(
    `${file}, line ${line}: ${isComment ? 'JSON has no comments' : 'is not a JSON object'}; mend it first`,
  );
}
