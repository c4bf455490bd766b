import { isJsonObject } from '../../../kernel/json-object.ts';
import type { CheckedFiles } from '../trust/checked-files.ts';
import type { CommandHandler, HookEntry } from '../config/hook-entry.ts';
import type { HookInput } from '../hook-input.ts';
import { floodBytes, keptOutputBytes } from '../hook-limits.ts';
import type { HookEffects } from '../hook-effects.ts';
import type { HookEnd } from '../answer/parse-output.ts';
import { quotePlaceholders } from './quote-placeholders.ts';
import { failedEnd, reasonOf } from '../answer/within-time.ts';

/** How a command hook came back: it has ended, or it said that nothing should wait for it. */
export type CommandResult =
  | { readonly kind: 'ended'; readonly end: HookEnd }
  | { readonly kind: 'background'; readonly ended: Promise<HookEnd> };

interface CommandInvocation {
  readonly input: HookInput;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly checked: CheckedFiles | undefined;
  readonly signal: AbortSignal;
}

/**
 * Runs a command hook with its input on stdin: through the shell, or as it is where the hook has `args`. A first line
 * `{"async":true}` sends it to the background, where it goes on to its time limit although the exchange ends.
 */
export async function runCommandHook(
  entry: HookEntry,
  handler: CommandHandler,
  invocation: CommandInvocation,
  runCommand: HookEffects['runCommand'],
): Promise<CommandResult> {
  if (handler.command.trim() === '') {
    return { kind: 'ended', end: failedEnd('not-started', 'its command is empty') };
  }
  const { input, cwd, signal } = invocation;
  const background = Promise.withResolvers<'background'>();
  const detachable = new AbortController();
  const abort = (): void => {
    detachable.abort();
  };
  const stay = (): void => {
    signal.removeEventListener('abort', abort);
  };
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
  const ended = runCommand({
    ...programOf(handler, invocation),
    cwd,
    stdin: `${JSON.stringify(input)}\n`,
    timeoutMs: entry.timeoutMs,
    keepBytes: keptOutputBytes,
    floodBytes,
    permissions: entry.permissions,
    checked: invocation.checked,
    signal: detachable.signal,
    onStdout: firstLine((line) => {
      if (saysAsync(line)) background.resolve('background');
    }),
  })
    .catch((error: unknown) => failedEnd('not-started', reasonOf(error)))
    .finally(stay);
  const first = await Promise.race([background.promise, ended]);
  if (first !== 'background') return { kind: 'ended', end: first };
  stay();
  return { kind: 'background', ended: ended.then(withoutFirstLine) };
}

type Program = Pick<Parameters<HookEffects['runCommand']>[0], 'file' | 'args' | 'env'>;

function programOf(handler: CommandHandler, { input, env }: CommandInvocation): Program {
  const { command, args, placeholders } = handler;
  if (args !== undefined) {
    const projectDir = env['CLAUDE_PROJECT_DIR'] ?? '';
    const filled = [command, ...args].map((word) =>
      word.replaceAll('${CLAUDE_PROJECT_DIR}', () => projectDir),
    );
    return { file: filled[0] ?? command, args: filled.slice(1), env };
  }
  if (!placeholders) return { ...shellOf(command), env };
  return { ...shellOf(quotePlaceholders(command)), env: { ...env, ...placeholderValues(input) } };
}

function shellOf(command: string): Pick<Program, 'file' | 'args'> {
  if (process.platform === 'win32') return { file: 'cmd.exe', args: ['/d', '/s', '/c', command] };
  return { file: '/bin/sh', args: ['-c', command] };
}

/** Which fields of a tool's input name the file that it is about. */
const fileFields = ['file_path', 'notebook_path', 'path'];

function placeholderValues(input: HookInput): Readonly<Record<string, string>> {
  const toolInput = isJsonObject(input['tool_input']) ? input['tool_input'] : {};
  const tool = input['tool_name'];
  const file = fileFields.map((field) => toolInput[field]).find((value) => typeof value === 'string');
  return { tool: typeof tool === 'string' ? tool : '', file: file ?? '' };
}

/** Calls back with the first line of a text that comes in pieces, once. */
function firstLine(onLine: (line: string) => void): (text: string) => void {
  let head: string | undefined = '';
  return (text) => {
    if (head === undefined) return;
    head += text;
    const end = head.indexOf('\n');
    if (end === -1 && head.length < keptOutputBytes) return;
    if (end !== -1) onLine(head.slice(0, end));
    head = undefined;
  };
}

function saysAsync(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return isJsonObject(value) && value['async'] === true;
  } catch {
    return false;
  }
}

function withoutFirstLine(end: HookEnd): HookEnd {
  return { ...end, stdout: end.stdout.slice(end.stdout.indexOf('\n') + 1) };
}
