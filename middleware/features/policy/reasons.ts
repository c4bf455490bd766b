import type { PermissionRule } from '../../kernel/permission-rule.ts';
import type { HiddenCode, Surrounding, UnknownWord } from '../../platform/shell/shell-command.ts';

/** What is said of a call; models know these sentences from Claude Code. */
export const reasons = {
  noSuchTool: (tool: string): string =>
    tool.startsWith('mcp__')
      ? `No such tool available: ${tool}`
      : `No such tool available: ${tool}. ${tool} is disabled for this session, in subagents as well as here.`,
  denied: (tool: string, what: string): string => `Permission to use ${tool} with ${what} has been denied.`,
  untested: (tool: string, rule: string): string =>
    `This use of ${tool} cannot be allowed: the ${rule} could not be tested in time, so whether it is about this call is not known.`,
  deniedFile: 'File is in a directory that is denied by your permission settings.',
  deniedLink: (verb: string, path: string): string => `Permission to ${verb} ${path} has been denied.`,
  deniedHost: (host: string): string => `WebFetch denied access to domain:${host}.`,
  deniedAgent: (agent: string, rule: PermissionRule): string =>
    `Agent type '${agent}' has been denied by permission rule 'Agent(${agent})' from ${settingsNames[rule.source.scope]}.`,
  notGranted: (tool: string): string =>
    `Claude requested permissions to use ${tool}, but you haven't granted it yet.`,
  fileNotGranted: (way: string, path: string): string =>
    `Claude requested permissions to ${way} ${path}, but you haven't granted it yet.`,
  commandNotAllowed: 'This command requires approval',
  partsNotAllowed: (parts: readonly string[]): string =>
    `This Bash command contains multiple operations. The following ${
      parts.length === 1 ? 'part requires' : 'parts require'
    } approval: ${parts.join(', ')}`,
  change: (what: string, path: string, cwd: string): string =>
    `${what} '${path}' needs approval. The path is inside the working directories for this session ('${cwd}'), and Codex-Plus asks before a shell command creates, changes or removes files there.`,
  outside: (what: string, path: string, cwd: string): string =>
    `${what} '${path}' needs approval. The path is outside the working directories for this session ('${cwd}').`,
  unresolvedFile: "Which files this command uses can't be checked before it runs",
  unreadStarter: "What this command starts can't be checked before it runs",
  hereDocument: 'Heredoc with unquoted delimiter undergoes shell expansion',
  tooManyFiles: 'This command uses too many files to be checked',
  escapedSpace: 'Contains backslash-escaped whitespace',
  planMode: (tool: string): string =>
    `Permission to use ${tool} has been denied because plan mode changes nothing.`,
  // "Claude Code" in the first sentence is our name; the rest is what models were trained to heed.
  dontAskMode: (tool: string): string =>
    `Permission to use ${tool} has been denied because Codex-Plus is running in don't ask mode. IMPORTANT: You *may* attempt to accomplish this action using other tools that might naturally be used to accomplish this goal, e.g. using head instead of cat. But you *should not* attempt to work around this denial in malicious ways, e.g. do not use your ability to run tests to execute non-test actions. You should only try to work around this restriction in reasonable ways that do not attempt to bypass the intent behind this denial. If you believe this capability is essential to complete the user's request, STOP and explain to the user what you were trying to do and why you need this permission. Let the user decide how to proceed.`,
} as const;

const settingsNames = {
  enterprise: 'policySettings',
  cli: 'cliArg',
  local: 'localSettings',
  project: 'projectSettings',
  user: 'userSettings',
} as const;

/** Why a word keeps a command from being checked; numbers keep nothing. */
export const unknownReasons: Readonly<Record<UnknownWord, string | undefined>> = {
  number: undefined,
  variable: "A variable in this command can't be checked before it runs",
  'loop-variable': "A variable in this command can't be checked before it runs",
  expansion: "An expansion in this command can't be checked before it runs",
  substitution: "A nested command in this command can't be checked before it runs",
  'process-substitution': "A command used as a file in this command can't be checked before it runs",
};

/** Why a command may run more than it says. */
export const hiddenReasons: Readonly<Record<HiddenCode, string>> = {
  arithmetic:
    "A subscript or an arithmetic expression in this command can run code that can't be checked before it runs",
  evaluated: "The shell evaluates a part of this command once more, which can't be checked before it runs",
  'other-shell': "Zsh reads this command in another way than bash, so it can't be checked before it runs",
};

/** Why a command cannot be checked where it stands; the other places change nothing. */
export const surroundingReasons: Readonly<Partial<Record<Surrounding, string>>> = {
  'process-substitution': "A command used as a file in this command can't be checked before it runs",
  subshell: 'This command uses shell operators that require approval for safety',
  group: "A group in braces or double parentheses in this command can't be checked before it runs",
  function: "A function definition in this command can't be checked before it runs",
  background:
    'This command uses the `&` background operator, which defers execution past approval-time safety checks. Approve only if you trust it.',
  coprocess: "A coprocess in this command can't be checked before it runs",
};
