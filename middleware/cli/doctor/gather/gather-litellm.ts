import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { LitellmConfig } from '../../../platform/config/config.ts';
import { modelsOf } from '../../../platform/config/litellm-config.ts';
import { lintLitellmConfig } from '../../../platform/config/litellm-lint.ts';
import { run } from '../../../platform/process/run.ts';
import { findPython } from '../../../upstreams/litellm/install/find-python.ts';
import { whyCannotListen } from '../../../upstreams/litellm/plan-start.ts';
import { VirtualEnvironments } from '../../../upstreams/litellm/install/virtual-environment.ts';
import type { CliContext } from '../../context.ts';
import type { Health } from '../../instance/find-instance.ts';
import type { LitellmFacts } from '../facts.ts';
import { unpricedModels } from './unpriced-models.ts';

interface GatherLitellmOptions {
  readonly context: CliContext;
  readonly config: LitellmConfig;
  readonly health: Health | undefined;
  /** The middleware that answers has our state folder. */
  readonly isOurs: boolean;
}

const limitMs = 5_000;

export async function gatherLitellm(options: GatherLitellmOptions): Promise<LitellmFacts> {
  const { context, config, health, isOurs } = options;
  const { mode } = config;
  const isManaged = mode === 'managed';
  const litellmDir = join(context.rootDir, 'litellm');
  const isInstalled = isManaged && (await isLitellmInstalled(litellmDir));
  return {
    mode,
    ...(isManaged
      ? await lint(context, config.configFile)
      : { faults: [], warnings: [], models: modelsOf(undefined) }),
    isInstalled,
    installer: isManaged && !isInstalled ? await findInstaller(context) : undefined,
    portFault: isManaged && health === undefined ? await portFault(config.url) : undefined,
    unpriced: isOurs && health !== undefined ? await unpricedModels(config, health.litellm) : undefined,
  };
}

async function lint(
  { rootDir, env }: CliContext,
  configFile: string,
): Promise<Pick<LitellmFacts, 'faults' | 'warnings' | 'models'>> {
  const path = relative(rootDir, configFile);
  const file = path.startsWith('..') ? configFile : path;
  let text: string;
  try {
    text = await readFile(configFile, 'utf8');
  } catch {
    const fault = `${file}: it is missing or cannot be read: put LiteLLM's configuration there`;
    return { faults: [fault], warnings: [], models: modelsOf(undefined) };
  }
  return lintLitellmConfig({ file, text, env });
}

async function isLitellmInstalled(litellmDir: string): Promise<boolean> {
  const lock = await readFile(join(litellmDir, 'requirements.txt'));
  return (await new VirtualEnvironments(join(litellmDir, '.venv'), lock).activePython()) !== undefined;
}

async function findInstaller({ env, cwd }: CliContext): Promise<string | undefined> {
  const python = await findPython({ env, cwd, signal: AbortSignal.timeout(limitMs * 4) });
  if (python !== undefined) return `Python ${python.version}`;
  const signal = AbortSignal.timeout(limitMs);
  const asked = await run({
    ...{ file: 'uv', args: ['--version'], cwd, env, signal },
    ...{ timeoutMs: limitMs, maxOutputLength: 10_000 },
  });
  return asked.exitCode === 0 ? 'uv' : undefined;
}

async function portFault(litellmUrl: string): Promise<string | undefined> {
  const url = URL.parse(litellmUrl);
  if (url === null) return undefined;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port === '' ? 80 : url.port);
  return whyCannotListen({ host, port }, AbortSignal.timeout(limitMs));
}
