import { join, resolve } from 'node:path';
import { closestName } from '../closest-name.ts';
import type { ConfigFault } from '../config-error.ts';
import { overrideOf, valueOf, yesOrNo, type Environment } from '../environment.ts';
import type { GivenSettings } from '../read-config.ts';
import { apiVariables } from './api-variables.ts';
import { nestedSettings } from './nested-settings.ts';

/** How the middleware is run as an OpenAI-compatible service over Codex alone. */
export interface ApiService {
  /** In place of `config/codex_plus.json`. */
  readonly given: GivenSettings;
  /** The environment of all its parts: its state is kept apart from that of a middleware beside it. */
  readonly env: Environment;
  /** The names of all that it is set with. */
  readonly variables: readonly string[];
  /** About variables that mean nothing. */
  readonly warnings: readonly string[];
}

interface ApiServiceOptions {
  readonly env: Environment;
  /** The project's root, below which state is kept. */
  readonly rootDir: string;
  /** Where it was called: folders are named from there. */
  readonly cwd: string;
}

/** What this service is, whatever else is set. */
const always = {
  'litellm.mode': 'off',
  providers: [],
  'chatgpt.enabled': false,
  'codex.enabled': true,
};

/** What has been read so far. */
interface Draft {
  readonly env: Environment;
  /** The variables that were asked for. */
  readonly asked: Set<string>;
  /** By their paths. */
  readonly settings: Map<string, unknown>;
  /** The variable that gave a setting. */
  readonly sources: Map<string, string>;
  readonly faults: ConfigFault[];
}

/** Reads the service's variables. One that is set counts over the CODEX_PLUS_ variable of the same setting. */
export function readApiService({ env, rootDir, cwd }: ApiServiceOptions): ApiService {
  const settings = new Map<string, unknown>(Object.entries(always));
  settings.set('usage.enabled', true);
  const draft: Draft = { env, asked: new Set(), settings, sources: new Map(), faults: [] };
  const variables = apiVariables(cwd);
  for (const { name, path, read, usual } of variables) {
    if (usual !== undefined) settings.set(path, usual);
    const value = said(draft, name);
    if (value === undefined) continue;
    const reading = read(value);
    if ('fault' in reading) tell(draft, name, reading.fault);
    else set(draft, path, name, reading.value);
  }
  readCallers(draft);
  readToolBlocks(draft);
  refuseItself(draft);
  // They stand there at that level alone.
  if (settings.get('codex.logMessages') === true) set(draft, 'log.level', 'PROXY_DEBUG_PROTO', 'debug');
  const stateDir = resolve(rootDir, valueOf(env, 'CODEX_PLUS_STATE_DIR') ?? '.state');
  const named = new Map(variables.map(({ name, path }) => [path, name]));
  const known = [...draft.asked];
  return {
    given: {
      settings: nestedSettings(settings),
      place: {
        ...{ source: 'environment', prefix: '' },
        variableOf: (path) => ownVariables.get(path) ?? named.get(path) ?? overrideOf(path),
      },
      sources: draft.sources,
      fixed: new Set([...Object.keys(always), ...draft.sources.keys()]),
      faults: draft.faults,
    },
    env: {
      ...env,
      CODEX_PLUS_STATE_DIR: join(stateDir, 'api'),
      CODEX_HOME: valueOf(env, 'CODEX_PLUS_CODEX_HOME') ?? String(settings.get('codex.home')),
      // Whatever whoever starts the service has there is not for its callers.
      CLAUDE_CONFIG_DIR: undefined,
    },
    variables: known,
    warnings: unknownNames(env, known),
  };
}

/** Of settings that a variable gives with others. */
const ownVariables: ReadonlyMap<string, string> = new Map([
  ['server.apiKeys', 'PROXY_API_KEY'],
  ['codex.stopAfterTools', 'PROXY_STOP_AFTER_TOOLS'],
]);

/** Pages of this machine. */
const ownPages = ['localhost', '127.0.0.1', '[::1]'].flatMap((host) => [
  `http://${host}:*`,
  `https://${host}:*`,
]);

/**
 * Whoever has a key may call by whatever name the service has, and from whatever page. Without one, what a page elsewhere
 * could make a browser send is refused.
 */
function readCallers(draft: Draft): void {
  const { env, settings } = draft;
  const name = 'PROXY_API_KEY';
  const key = said(draft, name);
  // Whoever sets it wants a key to be asked for: a secret that was not filled in must not open the service.
  if (key === undefined && env[name] !== undefined)
    tell(
      draft,
      name,
      'is set and blank: give it a key of 16 characters at least, or unset it to ask for none',
    );
  // Its caller has the name that forward-auth gives it.
  if (key !== undefined) set(draft, 'server.apiKeys', name, [{ name, key }]);
  const asksKey = key !== undefined || /[^\s,]/.test(valueOf(env, 'CODEX_PLUS_API_KEYS') ?? '');
  if (asksKey) settings.set('server.allowedHosts', ['*']);
  // Which pages, CODEX_PLUS_ALLOWED_ORIGINS may say.
  if (yesNoOf(draft, 'PROXY_ENABLE_CORS') === false)
    set(draft, 'server.allowedOrigins', 'PROXY_ENABLE_CORS', []);
  else settings.set('server.allowedOrigins', asksKey ? ['*'] : ownPages);
}

function readToolBlocks(draft: Draft): void {
  const isAsked = yesNoOf(draft, 'PROXY_STOP_AFTER_TOOLS');
  const mode = said(draft, 'PROXY_STOP_AFTER_TOOLS_MODE') ?? 'burst';
  if (mode !== 'burst' && mode !== 'first')
    tell(draft, 'PROXY_STOP_AFTER_TOOLS_MODE', `"${mode}" is neither burst nor first`);
  else if (isAsked !== undefined)
    set(draft, 'codex.stopAfterTools', 'PROXY_STOP_AFTER_TOOLS', isAsked ? mode : 'never');
}

/** Its calls would come back here, where nobody else answers. */
function refuseItself(draft: Draft): void {
  const { env, sources } = draft;
  const name = sources.get('codex.provider') ?? 'CODEX_PLUS_CODEX_PROVIDER';
  if (valueOf(env, name) === 'codex-plus')
    tell(draft, name, 'is this service itself; name a provider of Codex, one of config.toml by another name');
}

function yesNoOf(draft: Draft, name: string): boolean | undefined {
  const value = said(draft, name);
  if (value === undefined) return undefined;
  const reading = yesOrNo(value);
  if ('value' in reading) return reading.value === true;
  tell(draft, name, reading.fault);
  return undefined;
}

function said({ env, asked }: Draft, name: string): string | undefined {
  asked.add(name);
  return valueOf(env, name);
}

function set({ settings, sources }: Draft, path: string, name: string, value: unknown): void {
  settings.set(path, value);
  sources.set(path, name);
}

function tell({ faults }: Draft, path: string, reason: string): void {
  faults.push({ source: 'environment', path, reason });
}

function unknownNames(env: Environment, known: readonly string[]): readonly string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith('PROXY_') && !known.includes(name))
    .map((name) => {
      const near = closestName(name, known);
      const hint = near === undefined ? '' : `; did you mean ${near}?`;
      return `${name} is no variable of this service and says nothing${hint}`;
    });
}
