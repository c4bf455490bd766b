import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codexProgram } from './codex-program.ts';
import { makeTestFolder } from './start-middleware.ts';

interface CodexHome {
  /** Holds the other two; good as a home folder. */
  readonly folder: string;
  /** CODEX_HOME. */
  readonly home: string;
  readonly workspace: string;
  /** Runs one `codex exec` in it, with nothing forbidden unless another sandbox is named. */
  readonly exec: (
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
    sandbox?: 'read-only' | 'workspace-write' | 'danger-full-access',
  ) => Promise<CodexRun>;
  readonly remove: () => Promise<void>;
}

/** What `codex exec --json` told. */
export interface CodexRun {
  readonly exitCode: number | null;
  readonly events: readonly Readonly<Record<string, unknown>>[];
  /** The texts of the assistant's messages. */
  readonly messages: readonly string[];
  /** Commands that it ran: output and exit code. */
  readonly commands: readonly { readonly aggregated_output: string; readonly exit_code: number }[];
  /** Texts of all errors, reconnects included. */
  readonly errors: readonly string[];
  readonly threadId: string;
}

interface Item {
  readonly type: string;
  readonly text?: string;
  readonly message?: string;
  readonly aggregated_output?: string;
  readonly exit_code?: number;
}

interface ExecEvent {
  readonly type: string;
  readonly thread_id?: string;
  readonly message?: string;
  readonly error?: { readonly message: string };
  readonly item?: Item;
}

/** A fresh home for the real Codex CLI, and a workspace beside it. */
export async function makeCodexHome(files: Readonly<Record<string, string>> = {}): Promise<CodexHome> {
  const folder = await makeTestFolder('codex');
  const home = join(folder, 'home');
  const workspace = join(folder, 'workspace');
  await mkdir(home);
  await mkdir(workspace);
  for (const [name, content] of Object.entries(files)) await writeFile(join(home, name), content);
  return {
    ...{ folder, home, workspace },
    exec: (args, env = {}, sandbox = 'danger-full-access') =>
      exec(['--sandbox', sandbox, ...args], { ...env, CODEX_HOME: home }, workspace),
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** The arguments that point Codex at a base URL, without any file. */
export function pointedAt(url: string): string[] {
  return [
    '-c',
    'model_provider=codex-plus',
    '-c',
    `model_providers.codex-plus={name="codex-plus",base_url="${url}/v1"}`,
  ];
}

async function exec(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string,
): Promise<CodexRun> {
  const options = ['exec', '--json', '--skip-git-repo-check'];
  const child = spawn(process.execPath, [codexProgram, ...options, ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: cwd, NO_PROXY: '127.0.0.1', ...env },
  });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.resume();
  const [exitCode] = (await once(child, 'exit')) as [number | null];
  const events = Buffer.concat(output)
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ExecEvent & Readonly<Record<string, unknown>>);
  const items = events.flatMap(({ type, item }) => (type === 'item.completed' && item ? [item] : []));
  return {
    exitCode,
    events,
    messages: items.flatMap(({ type, text }) => (type === 'agent_message' ? [text ?? ''] : [])),
    commands: items.flatMap(({ type, aggregated_output = '', exit_code = -1 }) =>
      type === 'command_execution' ? [{ aggregated_output, exit_code }] : [],
    ),
    errors: events.flatMap(({ type, message, error }) =>
      type === 'error' || type === 'turn.failed' ? [message ?? error?.message ?? ''] : [],
    ),
    threadId: events.find(({ type }) => type === 'thread.started')?.thread_id ?? '',
  };
}
