import { servedModel } from '../../protocol/app-server/served-models.ts';
import { isLoopbackHost } from '../../protocol/loopback-host.ts';
import type { ConfigFault } from './config-error.ts';
import type { ApiKey, CodexConfig, Config, ServerConfig } from './config.ts';
import type { OverrideSources } from './environment.ts';
import { shownKey } from './key-faults.ts';
import type { SettingsPlace } from './settings-place.ts';

/** What is looked at, before keys have names. */
interface Checked extends Pick<Config, 'timeouts' | 'limits'> {
  readonly server: Omit<ServerConfig, 'apiKeys'> & { readonly apiKeys: readonly (string | ApiKey)[] };
  readonly codex: Pick<CodexConfig, 'model' | 'listedAs' | 'testEndpoints'> &
    Partial<Pick<CodexConfig, 'maxTurns' | 'maxStreams'>>;
}

/** What is well formed and all the same must not run. */
export function unsafeSettings(
  settings: Checked,
  { place, sources }: { readonly place: SettingsPlace; readonly sources: OverrideSources },
): ConfigFault[] {
  // Where a setting has one variable, that is all that it can be called; else it is called by what gave it.
  const nameOf = (path: string): string => place.variableOf?.(path) ?? sources.get(path) ?? path;
  const keys = place.variableOf?.('server.apiKeys') ?? 'server.apiKeys (CODEX_PLUS_API_KEYS)';
  return [...whoMayCall(settings, { nameOf, keys }), ...bounds(settings, nameOf)].flatMap(
    ([isFault, path, reason]) => {
      if (!isFault) return [];
      const variable = sources.get(path);
      return variable === undefined
        ? [{ source: place.source, path: `${place.prefix}${path}`, reason }]
        : [{ source: 'environment', path: variable, reason }];
    },
  );
}

type Rule = readonly [isFault: boolean, path: string, reason: string];

interface Names {
  readonly nameOf: (path: string) => string;
  /** Of the setting of keys. */
  readonly keys: string;
}

function whoMayCall({ server, codex }: Checked, { nameOf, keys: keysName }: Names): readonly Rule[] {
  const asksKeys = server.apiKeys.length > 0;
  const isDev = codex.listedAs === 'dev';
  const keys = server.apiKeys.map((each) => (typeof each === 'string' ? each : each.key));
  return [
    [
      !isLoopback(server) && !asksKeys && !server.publishedOnLoopback,
      'server.host',
      `"${server.host}" can be reached from elsewhere, and no key is asked; ` +
        `set ${keysName}, or bind 127.0.0.1`,
    ],
    [
      server.allowedOrigins.includes('*') && !asksKeys,
      'server.allowedOrigins',
      `"*" lets every page that a browser opens call, and no key is asked; set ${keysName}, or name the origins`,
    ],
    [
      keys.includes(shownKey) && !isDev,
      'server.apiKeys',
      'has a key that documents show, so everybody has it; make one of your own',
    ],
    [
      codex.testEndpoints && !isDev,
      'codex.testEndpoints',
      `tells everybody what runs here; it is for ${nameOf('codex.listedAs')} "dev" alone`,
    ],
    [
      servedModel(codex.model) !== undefined,
      'codex.model',
      `"${codex.model}" is Codex itself; name the model that it calls`,
    ],
  ];
}

function bounds(
  { server, timeouts, limits, codex: { maxTurns, maxStreams } }: Checked,
  nameOf: (path: string) => string,
): readonly Rule[] {
  return [
    [
      maxTurns !== undefined && maxStreams !== undefined && maxStreams > maxTurns,
      'codex.maxStreams',
      `so many streams can never run: ${nameOf('codex.maxTurns')} lets ${maxTurns ?? 0} calls run at once, streams among them; raise that, or leave it out`,
    ],
    [
      server.keepaliveMs >= timeouts.idleMs,
      'server.keepaliveMs',
      `must be shorter than ${nameOf('timeouts.idleMs')}`,
    ],
    [
      server.maxBodyBytesInFlight < server.maxBodyBytes,
      'server.maxBodyBytesInFlight',
      `must not be less than ${nameOf('server.maxBodyBytes')}: no body of that size could come in`,
    ],
    [
      limits.maxStreamBytes < limits.maxEventBytes,
      'limits.maxStreamBytes',
      `must not be less than ${nameOf('limits.maxEventBytes')}: no event of that size could come in`,
    ],
  ];
}

function isLoopback({ host }: Pick<ServerConfig, 'host'>): boolean {
  return isLoopbackHost(host.includes(':') ? `[${host}]` : host);
}
