import type { Log } from '../../kernel/log.ts';
import { ConfigError } from '../../platform/config/config-error.ts';
import type { Config } from '../../platform/config/config.ts';
import { valueOf, type Environment } from '../../platform/config/environment.ts';
import type { SettingsPlace } from '../../platform/config/settings-place.ts';
import { browserProfileFault } from '../transport/browser-process.ts';
import { createBrowserTransport } from '../transport/browser-transport.ts';
import { codexProfileFault, createCodexTransport } from '../transport/codex-transport.ts';
import { createProxyResolver } from '../transport/outbound-proxy.ts';
import type { Transport } from '../transport/transport.ts';
import { createUndiciTransport } from '../transport/undici-transport.ts';

interface ChatgptTransportOptions {
  readonly config: Pick<Config, 'chatgpt' | 'timeouts'>;
  readonly env: Environment;
  readonly log: Log;
  /** Where the settings are; by itself the file. */
  readonly settingsPlace?: SettingsPlace;
}

/** The transport that the configuration chose for the ChatGPT backend. Throws a ConfigError where it cannot run here. */
export function createChatgptTransport({
  config,
  env,
  log,
  settingsPlace: place,
}: ChatgptTransportOptions): Transport {
  const settings = { ...config.timeouts, proxyFor: createProxyResolver(env) };
  switch (config.chatgpt.transport) {
    case 'undici':
      return createUndiciTransport(settings);
    case 'codex':
      refuse(codexProfileFault(process.versions.node), 'run it with Node 24.5 or newer, or choose undici', {
        env,
        place,
      });
      return createCodexTransport(settings);
    case 'browser':
      refuse(browserProfileFault(env), 'run npm install --include=optional, or choose undici or codex', {
        env,
        place,
      });
      return createBrowserTransport({ ...settings, env, log });
  }
}

function refuse(
  fault: string | undefined,
  remedy: string,
  { env, place }: { readonly env: Environment; readonly place: SettingsPlace | undefined },
): void {
  if (fault === undefined) return;
  const variable = 'CODEX_PLUS_CHATGPT_TRANSPORT';
  const where =
    valueOf(env, variable) === undefined
      ? {
          source: place?.source ?? valueOf(env, 'CODEX_PLUS_CONFIG') ?? 'config/codex_plus.json',
          path: `${place?.prefix ?? ''}chatgpt.transport`,
        }
      : { source: 'environment', path: variable };
  throw new ConfigError([{ ...where, reason: `${fault}; ${remedy}` }]);
}
