import type { Attachment } from './attachment.ts';
import { commandBody } from './command-body.ts';
import type { Command, Positionals } from '../command.ts';
import { readFileReferences } from './file-references.ts';
import type { ProcessEnd } from './process-end.ts';
import { scriptInvocation, scriptOutcome, type ScriptInvocation } from './script-command.ts';
import { findShellInclusions, includeShellOutput } from './shell-inclusions.ts';
import type { ShellResult } from './shell-result.ts';
import { splitArguments } from './split-arguments.ts';
import type { Span, Substituted } from './substitute.ts';

export interface ExpansionContext {
  /** Absolute working directory of the session: shell lines and scripts run there, file references begin there. */
  readonly workspace: string;
  readonly homeDir: string;
  readonly sessionId: string;
  /** The effort that the request asks for, if any. */
  readonly effort: string | undefined;
  readonly positionals: Positionals;
  /** Of the prompt with all that is put into it or before it; a longer one is refused. */
  readonly maxLength?: number | undefined;
}

/** What an expansion may do in the world; each answers for permissions, trust and limits itself. */
export interface ExpansionActions {
  readonly runShell: (line: string) => Promise<ShellResult>;
  readonly runScript: (invocation: ScriptInvocation) => Promise<ScriptRun>;
  readonly mayRead: (path: string) => boolean | Promise<boolean>;
  /** Keeps a shell output that is too large for a prompt, and tells where. */
  readonly saveOutput?: (output: string) => Promise<string>;
}

export type ScriptRun =
  { readonly kind: 'ran'; readonly end: ProcessEnd } | { readonly kind: 'refused'; readonly reason: string };

export type Expansion =
  | {
      readonly kind: 'expanded';
      /** Texts of the user's message, in place of the prompt. */
      readonly blocks: readonly string[];
      /** What goes before them. */
      readonly attachments: readonly Attachment[];
      readonly settings: Pick<Command, 'model' | 'effort' | 'allowedTools' | 'disallowedTools' | 'hooks'>;
      /** For the command's author. */
      readonly hints: readonly string[];
    }
  /** Nothing goes to the model; the user is told why. */
  | { readonly kind: 'refused'; readonly message: string };

/** Makes the prompt that a command stands for: its shell lines and scripts are run, the files that it names are read. */
export async function expandCommand(
  command: Command,
  args: string,
  context: ExpansionContext,
  actions: ExpansionActions,
): Promise<Expansion> {
  if (!command.userInvocable) return { kind: 'refused', message: notForUsers(command.name) };
  const made = await makeBody(command, args, context, actions);
  if (made.kind === 'refused') return made;
  const { body, hints } = made;
  const { maxLength = Infinity } = context;
  const refused = { kind: 'refused', message: tooLong(command.name, maxLength) } as const;
  if (body.isTooLong === true) return refused;
  const included = await includeShellOutput(body.text, findShellInclusions(body), {
    run: actions.runShell,
    saveOutput: actions.saveOutput,
  });
  if (included.kind === 'refused') return included;
  const left = maxLength - included.text.length;
  if (left < 0) return refused;
  const { model, effort, allowedTools, disallowedTools, hooks } = command;
  return {
    kind: 'expanded',
    blocks: blocksOf(command.name, args, included.text),
    attachments: await readFileReferences(included.text, { ...context, ...actions, maxLength: left }),
    settings: { model, effort, allowedTools, disallowedTools, hooks },
    hints,
  };
}

/** The two texts of Claude Code: which command was called, and what it says; the second only if it says anything. */
export function blocksOf(name: string, args: string, body: string): readonly string[] {
  const argsLine = args === '' ? '' : `<command-args>${args}</command-args>\n`;
  const message = `<command-message>${name}</command-message>\n<command-name>/${name}</command-name>\n${argsLine}`;
  return body === '' ? [message] : [message, body];
}

type Made =
  | { readonly kind: 'made'; readonly body: Substituted; readonly hints: readonly string[] }
  | { readonly kind: 'refused'; readonly message: string };

async function makeBody(
  command: Command,
  args: string,
  context: ExpansionContext,
  { runScript }: ExpansionActions,
): Promise<Made> {
  if (command.kind !== 'javascript' && command.kind !== 'python') {
    return { kind: 'made', ...commandBody(command, args, context) };
  }
  const run = await runScript(scriptInvocation(command, { ...context, args }));
  const outcome =
    run.kind === 'ran' ? scriptOutcome(run.end) : { kind: 'failed' as const, reason: run.reason };
  if (outcome.kind === 'failed') return { kind: 'refused', message: `/${command.name}: ${outcome.reason}` };
  return { kind: 'made', body: { text: outcome.text, inserted: argumentsIn(outcome.text, args) }, hints: [] };
}

/**
 * Where a script's text repeats its arguments, as a whole or one of them: a shell line that begins in there is not the
 * script's own. Without a backtick they cannot begin one.
 */
function argumentsIn(text: string, args: string): readonly Span[] {
  const values = new Set([args, ...splitArguments(args)].filter((value) => value.includes('`')));
  return [...values].flatMap((value) => {
    const spans: Span[] = [];
    for (let start = text.indexOf(value); start !== -1; start = text.indexOf(value, start + value.length)) {
      spans.push({ start, end: start + value.length });
    }
    return spans;
  });
}

function tooLong(name: string, maxLength: number): string {
  return `/${name}: its prompt would be larger than ${maxLength} bytes, which is all that a request may have (server.maxBodyBytes in codex_plus.json). Call it with fewer words, or let it repeat its arguments and name files less often.`;
}

function notForUsers(name: string): string {
  return `This skill can only be invoked by Claude, not directly by users. Ask Claude to use the "${name}" skill for you.`;
}
