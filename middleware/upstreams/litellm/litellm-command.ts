import { join } from 'node:path';
import type { RestingDeployment } from '../../platform/config/litellm-missing-keys.ts';
import type { ChildOptions } from '../../platform/process/start-child.ts';

export interface LitellmCommandOptions {
  /** The interpreter of the virtual environment. */
  readonly python: string;
  readonly rootDir: string;
  readonly configFile: string;
  readonly host: string;
  readonly port: number;
  readonly masterKey: string;
  /** What is left out of the configuration. */
  readonly resting: readonly RestingDeployment[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** How LiteLLM is started: on one port, with our key, without whatever else the environment would tell it to do. */
export function litellmCommand(options: LitellmCommandOptions): Omit<ChildOptions, 'onLine'> {
  const { python, rootDir, configFile, host, port, masterKey, resting, env } = options;
  return {
    file: python,
    args: [
      // Isolated: no packages from the user's own folders, and PYTHONDONTWRITEBYTECODE, which doubles the start, is not read.
      ...['-I', '-u', '-X', 'utf8', join(rootDir, 'litellm', 'launch.py')],
      ...['--config', configFile, '--host', host, '--port', String(port)],
    ],
    cwd: rootDir,
    env: {
      ...defaults,
      ...withoutOurs(env),
      ...always,
      LITELLM_MASTER_KEY: masterKey,
      // Read by litellm/launch.py: the file is its owner's, and goes to LiteLLM as it is.
      ...(resting.length > 0 && {
        CODEX_PLUS_RESTING_DEPLOYMENTS: JSON.stringify(resting.map(({ index, name }) => [index, name])),
      }),
    },
  };
}

const defaults = {
  // Its information lines are one for each request; the middleware logs requests itself.
  LITELLM_LOG: 'WARNING',
};

const always = {
  // Otherwise every start downloads the price list, and waits 12 s for it where there is no network.
  LITELLM_LOCAL_MODEL_COST_MAP: 'True',
  // Otherwise the first call that names a beta of Anthropic's downloads the list of them, while all other calls wait.
  LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS: 'True',
  // Otherwise it looks for a file .env in the folders above its own.
  LITELLM_MODE: 'PRODUCTION',
  LITELLM_DONT_SHOW_FEEDBACK_BOX: 'true',
  JSON_LOGS: 'true',
};

/**
 * Variables that LiteLLM's command line or its server would take as options. Most are common names that mean something else
 * here; the rest would move it to where nobody looks for it.
 */
const optionVariables = new Set([
  'CONFIG_FILE_PATH',
  'DEBUG',
  'DETAILED_DEBUG',
  'HOST',
  'KEEPALIVE_TIMEOUT',
  'MAX_REQUESTS_BEFORE_RESTART',
  'NUM_WORKERS',
  'PORT',
  // A second LiteLLM, which a reload needs for a while, could not listen on it.
  'PROMETHEUS_METRICS_PORT',
  'SERVER_ROOT_PATH',
  'SSL_CERTFILE_PATH',
  'SSL_KEYFILE_PATH',
  'WEB_CONCURRENCY',
  'WORKER_CONFIG',
]);

function withoutOurs(env: LitellmCommandOptions['env']): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !optionVariables.has(name) && !name.startsWith('PYTHON') && !name.startsWith('CODEX_PLUS_'),
    ),
  );
}
