import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../../kernel/log.ts';
import { exclusively } from '../../../platform/process/exclusive.ts';
import { findPython } from './find-python.ts';
import { installReason } from './install-reason.ts';
import { bootstrapFolder, installSteps, type InstallStep } from './install-steps.ts';
import { run } from '../../../platform/process/run.ts';
import { pythonIn, unexpectedStartupFiles, VirtualEnvironments } from './virtual-environment.ts';

export interface InstallOptions {
  /** The folder `litellm/` of the project: the locks are there, and `.venv` goes there. */
  readonly litellmDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly signal: AbortSignal;
}

export type InstallResult =
  | { readonly kind: 'installed'; readonly python: string }
  /** This machine has nothing to install with; trying again is of no use. */
  | { readonly kind: 'unavailable'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** Long enough for a slow line: some 250 MB come over it. */
const timeoutMs = 30 * 60_000;
const stillThereMs = 10_000;
const stopped = 'the installation was stopped';

/**
 * Makes sure that the LiteLLM of `requirements.txt` is installed, and nothing but it: every file is checked against its
 * hash. Does nothing when that lock is installed already. Never throws.
 */
export async function installLitellm(options: InstallOptions): Promise<InstallResult> {
  const { litellmDir, log, signal } = options;
  try {
    const lock = await readFile(join(litellmDir, 'requirements.txt'));
    const environments = new VirtualEnvironments(join(litellmDir, '.venv'), lock);
    const ready = await environments.activePython();
    if (ready !== undefined) return { kind: 'installed', python: ready };
    await environments.createRoot();
    const onWait = (): void => {
      log.info('another process is installing LiteLLM; waiting for it');
    };
    return await exclusively({ file: environments.lockFile, signal, pollMs: 500, onWait }, async () => {
      const python = await environments.activePython();
      return python === undefined ? await install(environments, options) : { kind: 'installed', python };
    });
  } catch (error) {
    const { message } = error instanceof Error ? error : new Error(String(error));
    return {
      kind: 'failed',
      reason: signal.aborted ? stopped : installReason(message),
    };
  }
}

async function install(environments: VirtualEnvironments, options: InstallOptions): Promise<InstallResult> {
  const { litellmDir, log, signal } = options;
  const env = installerEnvironment(options.env);
  log.info('installing LiteLLM: about 20 seconds with uv, a minute or two with pip');
  const python = await findPython({ env, cwd: litellmDir, signal });
  let reason: string | undefined;
  for (const way of ['uv', 'bootstrapped-uv', 'pip'] as const) {
    const folder = await environments.createFolder();
    const steps = installSteps(way, { litellmDir, folder, python });
    const failure = await takeSteps(steps, { ...options, env });
    if (failure === undefined) return await finish(environments, folder, options);
    await rm(folder, { recursive: true, force: true });
    if (signal.aborted) return { kind: 'failed', reason: stopped };
    if (failure === 'no such tool') continue;
    reason = installReason(failure);
    log.warn(`LiteLLM could not be installed with ${way}: ${reason}`);
  }
  if (reason !== undefined) return { kind: 'failed', reason };
  return {
    kind: 'unavailable',
    reason:
      'LiteLLM needs Python 3.10 to 3.14 or uv, and neither is on PATH: install one of them and start again',
  };
}

async function finish(
  environments: VirtualEnvironments,
  folder: string,
  { log }: InstallOptions,
): Promise<InstallResult> {
  await rm(join(folder, bootstrapFolder), { recursive: true, force: true });
  const unexpected = await unexpectedStartupFiles(folder);
  if (unexpected.length > 0) {
    await rm(folder, { recursive: true, force: true });
    const reason = `the installation was thrown away: ${unexpected.join(', ')} would run at every start of Python, and no locked package has such a file; check the package index`;
    return { kind: 'failed', reason };
  }
  await environments.activate(folder);
  log.info('LiteLLM is installed');
  return { kind: 'installed', python: pythonIn(folder) };
}

/** The output of the step that failed; `undefined` when all went well. */
async function takeSteps(
  steps: readonly InstallStep[] | undefined,
  options: InstallOptions,
): Promise<string | undefined> {
  if (steps === undefined) return 'no such tool';
  const { env, litellmDir, log, signal } = options;
  let seconds = 0;
  const stillThere = setInterval(() => {
    seconds += stillThereMs / 1000;
    log.info(`still installing LiteLLM, ${seconds} s so far`);
  }, stillThereMs);
  try {
    for (const { file, args, isProbe } of steps) {
      const result = await run({
        file,
        args,
        cwd: litellmDir,
        env,
        signal,
        timeoutMs,
        maxOutputLength: 10_000_000,
        onLine: (line) => {
          log.debug(line, { installer: file });
        },
      });
      if (result.exitCode === 0) continue;
      if (isProbe && result.ending === 'not-started') return 'no such tool';
      return `${result.stdout}\n${result.stderr}\n${file} ${result.summary}`;
    }
    return undefined;
  } finally {
    clearInterval(stillThere);
  }
}

/** What would turn an installer away from the folder that it is given stays out. */
const diverting = new Set(['PIP_PREFIX', 'PIP_REQUIRE_VIRTUALENV', 'PIP_TARGET', 'PIP_USER', 'VIRTUAL_ENV']);

function installerEnvironment(env: InstallOptions['env']): Record<string, string | undefined> {
  const kept = Object.entries(env).filter(([name]) => !diverting.has(name) && !name.startsWith('PYTHON'));
  return {
    ...Object.fromEntries(kept),
    NO_COLOR: '1',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    PIP_NO_INPUT: '1',
  };
}
