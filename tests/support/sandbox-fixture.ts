import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from '@jest/globals';
import { run, type RunResult } from '../../middleware/platform/process/run.ts';
import type {
  SandboxCommand,
  SandboxPolicy,
} from '../../middleware/platform/process/sandbox/sandbox-policy.ts';
import { createSandbox, type Sandbox } from '../../middleware/platform/process/sandbox/sandbox.ts';

type SandboxOptions = Parameters<typeof createSandbox>[0];

/** A home folder with secrets and a project in it, and sandboxes for commands of that project. */
export interface SandboxFixture {
  readonly home: string;
  readonly project: string;
  readonly write: (path: string, text: string) => string;
  readonly sandbox: (more?: Partial<SandboxOptions>) => Sandbox;
  readonly policy: (more?: Partial<SandboxPolicy>) => SandboxPolicy;
  /** Runs a line of bash in the sandbox and tells how it ended. */
  readonly bash: (line: string, more?: BashOptions) => Promise<SandboxedResult>;
  readonly remove: () => void;
}

interface SandboxedResult extends RunResult {
  /** What of its work was moved away, since it would run later. */
  readonly undone: string | undefined;
}

interface BashOptions {
  readonly policy?: Partial<SandboxPolicy>;
  readonly sandbox?: Sandbox;
  readonly env?: SandboxCommand['env'];
  readonly timeoutMs?: number;
}

export function createSandboxFixture(): SandboxFixture {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'codex-plus-sandbox-')));
  const home = join(folder, 'home');
  const project = join(home, 'project');
  mkdirSync(project, { recursive: true });
  const policy = (more: Partial<SandboxPolicy> = {}): SandboxPolicy => ({
    workspace: project,
    readRepo: true,
    writable: [project],
    readable: [],
    hidden: [],
    network: false,
    readEnv: [],
    ...more,
  });
  const sandbox = (more: Partial<SandboxOptions> = {}): Sandbox =>
    createSandbox({
      mode: 'required',
      platform: process.platform,
      env: { PATH: process.env['PATH'], LANG: 'C.UTF-8' },
      homeDir: home,
      secrets: [],
      withheldEnv: [],
      ...more,
    });
  const usual = sandbox();
  return {
    home,
    project,
    write: (path, text) => {
      const file = join(home, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      return file;
    },
    sandbox,
    policy,
    bash: async (line, more = {}) => {
      const command = {
        file: 'bash',
        args: ['-c', line],
        ...(more.env === undefined ? {} : { env: more.env }),
      };
      const wrapped = await (more.sandbox ?? usual).wrap(command, policy(more.policy));
      if (wrapped.kind === 'refused') throw new Error(wrapped.reason);
      const { file, args, env, undo } = wrapped;
      const signal = new AbortController().signal;
      const timeoutMs = more.timeoutMs ?? 30_000;
      const result = await run({
        maxOutputLength: 64 * 1024,
        file,
        args,
        env,
        cwd: project,
        timeoutMs,
        signal,
      });
      return { ...result, undone: await undo() };
    },
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A test of bubblewrap; without Linux there is none. */
export const onLinux = process.platform === 'linux' ? test : test.skip;

/** How many processes of this machine have the text in their command line. */
export function countProcesses(text: string): number {
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  return ids.filter((id) => commandLineOf(id).includes(text)).length;
}

function commandLineOf(id: string): string {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    // It ended while we looked.
    return '';
  }
}
