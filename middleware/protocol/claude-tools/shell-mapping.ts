import type { JsonObject } from '../../kernel/json-object.ts';
import { withoutMember } from '../json/without-member.ts';
import { readPatch } from './apply-patch.ts';
import { patchUses } from './patch-mapping.ts';
import { inFolder, isBash, isShell, quoted } from './shell-words.ts';
import {
  argumentsOf,
  misplaced,
  refused,
  unchanged,
  type ClaudeToolUse,
  type ResolvePath,
  type ToolMapping,
} from './tool-mapping.ts';

/** A command in the arguments of a tool, and how another one is put in its place. */
interface ShellArguments {
  readonly line: string;
  readonly folder: string | undefined;
  /** The member that holds the folder. */
  readonly folderMember: string;
  readonly description?: unknown;
  readonly timeoutMs?: unknown;
  readonly shell?: 'bash';
  /** `undefined` where no other command fits. */
  readonly withLine: ((line: string) => JsonObject) | undefined;
}

/** Codex's `exec_command`. */
export const execMapping = mappingFor((args) => {
  const { cmd, shell, workdir, justification: description } = args;
  if (typeof cmd !== 'string') return undefined;
  // Another program than a shell reads the line in its own way.
  const isOther = typeof shell === 'string' && !isShell(shell);
  return {
    line: isOther ? `${quoted(shell)} -c ${quoted(cmd)}` : cmd,
    folder: textOf(workdir),
    folderMember: 'workdir',
    description,
    ...(typeof shell === 'string' && isBash(shell) ? { shell: 'bash' } : {}),
    withLine: isOther ? undefined : (line) => ({ ...args, cmd: line }),
  };
});

/** Codex's older `shell`, which takes a list of words, `shell_command`, which takes a line, and the API's own `shell`. */
export const shellMapping = mappingFor((args) => {
  const { command, commands, workdir, timeout_ms: timeoutMs = args['timeout'], justification } = args;
  const common = {
    folder: textOf(workdir),
    folderMember: 'workdir',
    description: justification,
    timeoutMs,
  };
  if (isWords(commands) && command !== undefined) {
    // Which of them a client runs is its own affair.
    const own = isWords(command) ? wordsOf(command, args).line : (textOf(command) ?? JSON.stringify(command));
    return { ...common, line: [own, ...commands].join('\n'), withLine: undefined };
  }
  if (typeof command === 'string') {
    return { ...common, line: command, withLine: (line) => ({ ...args, command: line }) };
  }
  if (isWords(commands)) {
    return { ...common, line: commands.join('\n'), withLine: (line) => ({ ...args, commands: [line] }) };
  }
  return isWords(command) ? { ...common, ...wordsOf(command, args) } : undefined;
});

/** The shell that the Messages API defines; without a line it is only started again. */
export const bashMapping = mappingFor((args) => {
  const { command } = args;
  if (typeof command !== 'string') return undefined;
  const withLine = (line: string): JsonObject => ({ ...args, command: line });
  return { line: command, folder: undefined, folderMember: 'workdir', withLine };
});

/** The shell that the Responses API itself knew first. */
export const localShellMapping = mappingFor((args) => {
  const { command, working_directory: folder, timeout_ms: timeoutMs } = args;
  if (!isWords(command)) return undefined;
  return {
    ...wordsOf(command, args),
    folder: textOf(folder),
    folderMember: 'working_directory',
    timeoutMs,
  };
});

/** What is typed into a running command may be commands for a shell. Looking without typing is nothing. */
export const stdinMapping: ToolMapping = {
  tools: ['Bash'],
  read: (call) => {
    const chars = argumentsOf(call)?.['chars'] ?? '';
    if (typeof chars !== 'string') return undefined;
    const typed = chars.replace(/\p{Cc}+/gu, '\n').trim();
    if (typed === '') return [];
    return [{ tool: 'Bash', input: { command: typed }, ...(isWhole(chars) ? {} : { isPartial: true }) }];
  },
  write: (call, [input]) => {
    if (input === undefined) return unchanged(call);
    const { command } = input;
    if (typeof command !== 'string') return refused('the new input has no "command"');
    const other = misplaced({}, input, ['command']);
    if (other !== undefined) return refused(`write_stdin has no place for "${other}"`);
    return { kind: 'input', input: JSON.stringify({ ...argumentsOf(call), chars: `${command}\n` }) };
  },
};

/** Whether a shell gets lines as they are written: ended, and without keys that edit them. */
function isWhole(chars: string): boolean {
  return /[^\\][\r\n]$/.test(chars) && !/[^\P{Cc}\r\n]/u.test(chars);
}

function mappingFor(read: (args: JsonObject) => ShellArguments | undefined): ToolMapping {
  return {
    tools: ['Bash', 'Edit', 'Write'],
    read: (call, resolvePath) => {
      const args = read(argumentsOf(call) ?? {});
      return args === undefined ? undefined : usesOf(args, resolvePath);
    },
    write: (call, [input, ...patches], resolvePath) => {
      const args = read(argumentsOf(call) ?? {});
      if (patches.some((patch) => patch !== undefined)) return refused('a patch in a command stays as it is');
      if (input === undefined || args === undefined) return unchanged(call);
      const { command } = input;
      if (typeof command !== 'string') return refused('the new input has no "command"');
      const other = misplaced(bashInput(args, resolvePath), input, ['command', 'description']);
      if (other !== undefined) return refused(`${call.name} has no place for "${other}"`);
      if (args.withLine === undefined) return refused('its command is not one of a shell');
      const prefix = folderPrefix(args, resolvePath);
      if (command.startsWith(prefix)) return asInput(args.withLine(command.slice(prefix.length)));
      // A command that does not begin with the folder any more is one of the client's own folder.
      return asInput(withoutMember(args.withLine(command), args.folderMember));
    },
  };
}

function usesOf(args: ShellArguments, resolvePath: ResolvePath): readonly ClaudeToolUse[] {
  const { line, folder } = args;
  const { shell } = args;
  const bash = { tool: 'Bash', input: bashInput(args, resolvePath), ...(shell !== undefined && { shell }) };
  // Codex applies a patch in a command itself, without running the command.
  if (!line.includes('*** Begin Patch')) return [bash];
  const inside = (path: string): string =>
    folder === undefined || isAbsolute(path) ? resolvePath(path) : resolvePath(`${folder}/${path}`);
  return [bash, ...patchUses(readPatch(line), inside)];
}

function bashInput(args: ShellArguments, resolvePath: ResolvePath): JsonObject {
  const { line, description, timeoutMs } = args;
  return {
    command: folderPrefix(args, resolvePath) + line,
    ...(typeof description === 'string' ? { description } : {}),
    ...(typeof timeoutMs === 'number' ? { timeout: timeoutMs } : {}),
  };
}

/** What stands before a command that does not run in the client's own folder. */
function folderPrefix({ folder }: ShellArguments, resolvePath: ResolvePath): string {
  if (folder === undefined || folder === '') return '';
  const path = resolvePath(folder);
  return path === resolvePath('.') ? '' : inFolder(path);
}

function asInput(args: JsonObject): ReturnType<ToolMapping['write']> {
  return { kind: 'input', input: JSON.stringify(args) };
}

function wordsOf(
  words: readonly string[],
  args: JsonObject,
): Pick<ShellArguments, 'line' | 'shell' | 'withLine'> {
  const [program = '', flags = '', script] = words;
  if (words.length === 3 && script !== undefined && isShell(program) && /^-[a-z]*c$/.test(flags)) {
    return {
      line: script,
      ...(isBash(program) ? { shell: 'bash' } : {}),
      withLine: (line) => ({ ...args, command: [program, flags, line] }),
    };
  }
  return {
    line: words.map(quoted).join(' '),
    withLine: (line) => ({ ...args, command: ['bash', '-lc', line] }),
  };
}

function isWords(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === 'string');
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isAbsolute(path: string): boolean {
  return /^(?:\/|[a-z]:[\\/])/i.test(path);
}
