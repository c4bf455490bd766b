import { randomBytes } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve, sep } from 'node:path';
import { CodexPlusError } from '../../kernel/errors.ts';
import type { CodexConfig } from '../../platform/config/config.ts';
import { valueOf, type Environment } from '../../platform/config/environment.ts';
import { inlineToml } from '../../protocol/codex/inline-toml.ts';
import { deniedIn } from './visible-etc.ts';

/** How a worker is started. */
export interface WorkerCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Environment;
}

/** Where the calls of Codex go that are to come back to us. */
export interface OwnProvider {
  /** With `/v1`. */
  readonly baseUrl: string;
  readonly key: string;
}

/** The permission profile of what Codex runs. A thread that has another is not used. */
export const permissionProfile = 'codex-plus';
/** The provider of Codex that stands for us, in settings and for Codex. */
export const ownProviderName = 'codex-plus';
const keyVariable = 'CODEX_PLUS_WORKER_KEY';

/** What Codex needs of our environment: where programs, certificates and proxies are. Keys of its providers beside it. */
const passedOn = [
  ...['PATH', 'LANG', 'LC_ALL', 'TMPDIR', 'SystemRoot', 'TEMP'],
  ...['SSL_CERT_FILE', 'SSL_CERT_DIR', 'CODEX_CA_CERTIFICATE'],
  ...[
    'HTTPS_PROXY',
    'HTTP_PROXY',
    'ALL_PROXY',
    'NO_PROXY',
    'https_proxy',
    'http_proxy',
    'all_proxy',
    'no_proxy',
  ],
];
const ownKeys = ['OPENAI_API_KEY', 'CODEX_API_KEY'];

/** A key for the calls of the workers, which nobody else has. */
export function newWorkerKey(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * `codex app-server` with what must hold for all of its threads, over whatever stands in its CODEX_HOME: commands see
 * the system's programs, what these need of `/etc` and the folder of their turn, nothing else of this machine, no network, and
 * none of our environment. What is for somebody who sits at a terminal is switched off.
 */
export async function workerCommand(
  config: CodexConfig,
  { env, own }: { readonly env: Environment; readonly own: OwnProvider | undefined },
): Promise<WorkerCommand> {
  const { file, seen } = await findProgram(config.program, env);
  const isOwn = own !== undefined;
  const settings: Readonly<Record<string, unknown>> = {
    default_permissions: permissionProfile,
    [`permissions.${permissionProfile}.filesystem`]: {
      ':minimal': 'read',
      ...Object.fromEntries((await deniedInEtc()).map((path) => [path, 'deny'])),
      [seen]: 'read',
      ':workspace_roots': { '.': config.sandbox === 'workspace-write' ? 'write' : 'read' },
    },
    shell_environment_policy: { inherit: 'none', set: { PATH: '/usr/local/bin:/usr/bin:/bin' } },
    ...toldNothing,
    ...switchedOff,
    ...(config.sandbox === 'no-commands' ? noCommands : {}),
    ...(isOwn ? { [`model_providers.${ownProviderName}`]: ownProvider(own) } : {}),
    ...(config.provider === '' ? {} : { model_provider: config.provider }),
  };
  const kept = [...passedOn, ...(isOwn ? [] : ownKeys)];
  return {
    file,
    args: [
      'app-server',
      ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${inlineToml(value)}`]),
    ],
    cwd: config.home,
    env: {
      ...Object.fromEntries(kept.map((name) => [name, valueOf(env, name)])),
      ...{ HOME: config.home, CODEX_HOME: config.home },
      ...(isOwn ? { [keyVariable]: own.key, NO_PROXY: noProxy(env) } : {}),
    },
  };
}

/** On macOS `:minimal` has the few files that programs need there. */
async function deniedInEtc(): Promise<readonly string[]> {
  return process.platform === 'linux' ? await deniedIn('/etc') : [];
}

/** What Codex says to models of its own accord: a client's instructions are all that stands before its conversation. */
const toldNothing = {
  include_permissions_instructions: false,
  include_environment_context: false,
  include_apps_instructions: false,
  include_collaboration_mode_instructions: false,
  'skills.include_instructions': false,
  project_doc_max_bytes: 0,
  // The folder of a turn is no part of a project: Codex looks for skills in all folders of one, each in a sandbox of its own.
  project_root_markers: [],
};

const switchedOff = {
  web_search: 'disabled',
  check_for_update_on_startup: false,
  'analytics.enabled': false,
  'agents.enabled': false,
  'history.persistence': 'none',
  'tools.experimental_request_user_input.enabled': false,
  ...Object.fromEntries(
    [
      ...[
        'goals',
        'tool_suggest',
        'skill_search',
        'image_generation',
        'plugins',
        'apps',
        'hooks',
        'sleep_tool',
      ],
      'shell_snapshot',
    ].map((feature) => [`features.${feature}`, false]),
  ),
};

/** Without commands there is nothing in the folder of a turn that could be looked at. */
const noCommands = { 'features.shell_tool': false, 'features.view_image': false };

function ownProvider({ baseUrl }: OwnProvider): unknown {
  return {
    name: 'Codex-Plus',
    base_url: baseUrl,
    model_catalog_url: `${baseUrl}/models`,
    env_key: keyVariable,
    // Our clients try again what may be tried again.
    request_max_retries: 1,
    stream_max_retries: 1,
  };
}

function noProxy(env: Environment): string {
  return [valueOf(env, 'NO_PROXY') ?? valueOf(env, 'no_proxy'), '127.0.0.1']
    .filter((each) => each !== undefined && each !== '')
    .join(',');
}

/** Where npm puts the packages of Codex. */
const packages = join('node_modules', '@openai') + sep;

/** The program, and what of it has to be seen where nothing else can be read. */
async function findProgram(
  program: string,
  env: Environment,
): Promise<{ readonly file: string; readonly seen: string }> {
  const candidates =
    isAbsolute(program) || program.includes(sep)
      ? [resolve(program)]
      : (valueOf(env, 'PATH') ?? '').split(delimiter).map((folder) => join(folder, program));
  for (const file of candidates) {
    const real = await realpath(file).catch(() => undefined);
    if (real !== undefined) return { file, seen: seenOf(real) };
  }
  throw new CodexPlusError(
    'no_route',
    `Codex is not installed where Codex-Plus runs: there is no "${program}"; npm install -g @openai/codex`,
  );
}

/**
 * Of the npm package the program is beside the script that starts it, in another package of its scope. What else stands in the folder of
 * any other program is nobody's business: it may be that of a project, or of whoever started us.
 */
function seenOf(real: string): string {
  const scope = real.lastIndexOf(packages);
  return scope < 0 ? real : real.slice(0, scope + packages.length - 1);
}
