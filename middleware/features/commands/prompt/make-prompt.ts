import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command, Positionals } from '../command.ts';
import { expandCommand, type Expansion, type ScriptRun } from '../expand/expand-command.ts';
import { previewCommand } from '../expand/preview-command.ts';
import type { ScriptInvocation } from '../expand/script-command.ts';
import { shellCommandLine } from '../expand/shell-command-line.ts';
import { shellResultOf, type ShellResult } from '../expand/shell-result.ts';
import { askText, provenanceText, trustAddText } from '../../trust/ask-text.ts';
import { findProvenance, isContent } from '../../trust/provenance.ts';
import type { TrustSubject } from '../../trust/trust-record.ts';
import type { TrustStore } from '../../trust/trust-store.ts';
import type { Environment } from '../../../platform/config/environment.ts';
import type { ProjectSnapshot } from '../../../platform/config/scopes/project-snapshot.ts';
import type { Sandbox } from '../../../platform/process/sandbox/sandbox.ts';
import { makeFolder } from '../../../platform/store/make-folder.ts';
import { needsTrust } from '../../trust/needs-trust.ts';
import { readsSubject } from '../../trust/subjects.ts';
import { subjectOfCommand } from '../subject-of-command.ts';
import { commandPermissions, type CommandPermissions } from './command-permissions.ts';
import { outsideReads } from './outside-reads.ts';
import { runInSandbox } from './run-in-sandbox.ts';

export interface MakePromptOptions {
  readonly sandbox: Sandbox;
  readonly trust: TrustStore;
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  readonly positionals: Positionals;
  /** See `ExpansionContext`. */
  readonly maxLength: number;
  /** Where shell outputs go that are too large for a prompt. */
  readonly outputDir: string;
}

export interface PromptCall {
  readonly command: Command;
  readonly args: string;
  readonly project: ProjectSnapshot;
  /** As the command is told it. */
  readonly session: string;
  /** What is allowed once is allowed in this conversation of this caller. */
  readonly conversation: string;
  readonly effort: string | undefined;
  readonly signal: AbortSignal;
  /** Whether a model calls it and chose the arguments: no file outside of the project is the user's choice then. */
  readonly isByModel?: boolean;
}

export type MadePrompt =
  | Expansion
  /** Something of the project would run for the first time: the user has to allow it. */
  | {
      readonly kind: 'ask';
      readonly question: string;
      /** What to do where nobody can be asked. */
      readonly howToAllow: string;
      readonly subject: TrustSubject;
      readonly provenance: string;
    };

/** Trust is about what a project runs; reading is allowed by rules, and those of the project itself do not count. */
const readRuleText =
  'To allow it, add a rule about the paths to the settings of yours (~/.claude/settings.json): Read(//etc/hosts) for a file, ' +
  'Read(~/notes/**) for a folder';

const maxShellTimeoutMs = 30_000;
const maxOutputBytes = 64 * 1024;

/**
 * Makes the prompt that a command stands for. Its shell lines run only where the rules allow each of them, its file may be
 * trusted, and there is a sandbox; what a rule refuses is told before anybody is asked.
 */
export function createPromptMaker(options: MakePromptOptions): (call: PromptCall) => Promise<MadePrompt> {
  return async (call) => {
    const { args, project, session, effort, signal, isByModel = false } = call;
    const command = isByModel ? { ...call.command, userInvocable: true } : call.command;
    const context = {
      workspace: project.workspace,
      homeDir: project.home,
      sessionId: session,
      effort,
      positionals: options.positionals,
      maxLength: options.maxLength,
    };
    const permissions = commandPermissions(project, command);
    const { shellLines, script, fileReferences } = previewCommand(command, args, context);
    const reads = await outsideReads({
      ...{ args: isByModel ? '' : args, project, references: fileReferences },
      isOfOthers: isByModel || needsTrust(command.source),
      mayRead: permissions.mayRead,
    });
    if (reads.asked.length > 0) {
      const question = await askFor(call, readsQuestion(call, reads.asked), options);
      if (question !== undefined) return question;
    }
    const isAllowed = shellLines.every((line) => permissions.shell(line).behavior === 'allow');
    if (isAllowed && (shellLines.length > 0 || script !== undefined)) {
      const question = await questionFor(
        call,
        [...shellLines, ...(script === undefined ? [] : [script])],
        options,
      );
      if (question !== undefined) return question;
    }
    return expandCommand(command, args, context, {
      runShell: (line) => runShell(line, permissions, { project, signal }, options),
      runScript: (invocation) => runScript(invocation, { command, project, signal }, options),
      mayRead: reads.mayRead,
      saveOutput: (output) => saveOutput(options.outputDir, output),
    });
  };
}

async function questionFor(
  call: PromptCall,
  runs: readonly string[],
  options: MakePromptOptions,
): Promise<MadePrompt | undefined> {
  const { name } = call.command;
  const subject = subjectOfCommand(call.command, call.project.workspace);
  if (subject === undefined) return undefined;
  const what = subject.kind === 'script' ? `the script of /${name}` : `the shell lines of /${name}`;
  return askFor(call, { subject, what, verb: 'run', lines: runs }, options);
}

interface Wish {
  readonly subject: TrustSubject;
  readonly verb: 'run' | 'read';
  readonly what: string;
  readonly lines: readonly string[];
}

function readsQuestion({ command, project }: PromptCall, paths: readonly string[]): Wish {
  const what = `files outside of it for /${command.name}, which go to the model`;
  return { subject: readsSubject(project.workspace, paths), verb: 'read', what, lines: paths };
}

async function askFor(
  { command: { source, name, contentHash }, project, conversation, signal }: PromptCall,
  { subject, verb, what, lines }: Wish,
  { trust, env }: MakePromptOptions,
): Promise<MadePrompt | undefined> {
  const decision = await trust.decisionOn(subject, conversation);
  if (decision === 'allowed') return undefined;
  const howToAllow = verb === 'read' ? readRuleText : trustAddText(source.file, project.workspace);
  if (decision === 'denied') {
    return {
      kind: 'refused',
      message: `/${name}: you said no to what it ${verb}s. ${howToAllow}`,
    };
  }
  const provenance = await findProvenance(source.file, {
    ...{ env, signal },
    isOf: isContent(contentHash),
  });
  const question = askText({
    ...{ verb, what, runs: lines.join('\n'), provenance },
    project: project.workspace,
    permissions: [],
  });
  return {
    kind: 'ask',
    ...{ question, howToAllow, subject },
    provenance: provenanceText(provenance, project.workspace),
  };
}

interface RunPlace {
  readonly project: ProjectSnapshot;
  readonly signal: AbortSignal;
}

async function runShell(
  line: string,
  permissions: CommandPermissions,
  { project, signal }: RunPlace,
  { sandbox, platform, env }: MakePromptOptions,
): Promise<ShellResult> {
  if (isShellOff(project)) return { kind: 'disabled' };
  const { behavior, reason } = permissions.shell(line);
  if (behavior !== 'allow') return { kind: 'refused', reason };
  const timeoutMs = shellTimeout(project, env);
  const run = await runInSandbox(sandbox, {
    command: shellCommandLine(line, platform),
    workspace: project.workspace,
    readable: [],
    stdin: '',
    timeoutMs,
    maxOutputBytes,
    signal,
  });
  return run.kind === 'refused' ? run : shellResultOf(run.end, timeoutMs);
}

/** Claude Code's variable for its Bash tool can make the time shorter, not longer. */
function shellTimeout({ settings }: ProjectSnapshot, env: Environment): number {
  const name = 'BASH_DEFAULT_TIMEOUT_MS';
  const wanted = Number(settings.env.get(name)?.value ?? env[name]);
  return wanted > 0 ? Math.min(wanted, maxShellTimeoutMs) : maxShellTimeoutMs;
}

function isShellOff({ settings }: ProjectSnapshot): boolean {
  const entry = settings.entries.get('disableSkillShellExecution');
  return entry?.kind === 'value' && entry.value === true;
}

async function runScript(
  { interpreter, args, input, timeoutMs, maxOutputBytes: limit }: ScriptInvocation,
  { command, project, signal }: RunPlace & { readonly command: Command },
  { sandbox }: MakePromptOptions,
): Promise<ScriptRun> {
  return runInSandbox(sandbox, {
    command: { file: interpreter === 'node' ? process.execPath : 'python3', args },
    workspace: project.workspace,
    readable: [command.source.file, ...args.filter((arg) => /javascript-runner\.[jt]s$/.test(arg))],
    stdin: input,
    timeoutMs,
    maxOutputBytes: limit,
    signal,
  });
}

async function saveOutput(outputDir: string, output: string): Promise<string> {
  makeFolder(outputDir);
  const file = join(outputDir, `${randomUUID()}.txt`);
  await writeFile(file, output, { mode: 0o600 });
  return file;
}
