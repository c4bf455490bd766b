import { join } from 'node:path';
import { closestName } from '../../platform/config/closest-name.ts';
import { ownProviders } from '../../protocol/codex/own-providers.ts';
import { providerInUse, type ProviderInUse } from '../codex/provider-in-use.ts';
import { providerId } from '../codex/provider-settings.ts';
import { parseCodexConfig, tableAt, type CodexConfigFile } from '../codex/codex-config-file.ts';
import type { Facts } from './facts.ts';
import type { Finding } from './finding.ts';
import { isLoopback, pointsHere } from '../instance/points-here.ts';
import { waysHere } from './ways-here.ts';

/** Whether Codex's calls come here. */
export function checkProvider({ codex, middleware }: Facts): Finding[] {
  const { config, profiles, home, program } = codex;
  if (middleware === undefined || (program === undefined && config === undefined)) return [];
  const { url } = middleware;
  const file = config ?? parseCodexConfig('', join(home.folder, 'config.toml'));
  const provider = providerInUse(file.document);
  const wrong = trap(file, provider) ?? astray(file, provider, url);
  if (wrong !== undefined) return [wrong];
  const { profile } = waysHere({ config, profiles }, url).find((way) => way.profile !== undefined) ?? {};
  return [called(provider, profile, url) ?? elsewhere(file, provider)];
}

function called({ baseUrl }: ProviderInUse, profile: string | undefined, url: string): Finding | undefined {
  if (baseUrl !== undefined && pointsHere(baseUrl, url)) {
    return { id: 'provider', level: 'ok', what: `Codex calls ${baseUrl}` };
  }
  if (profile === undefined) return undefined;
  return { id: 'provider', level: 'ok', what: `Codex calls ${url} with codex -p ${profile}` };
}

function elsewhere(file: CodexConfigFile, { id, baseUrl }: ProviderInUse): Finding {
  return {
    id: 'provider',
    level: 'warning',
    what: `Codex does not use Codex-Plus: it calls ${baseUrl ?? `its own address of "${id}"`}`,
    where: file.placeOf('model_provider'),
    todo: 'codex-plus init, or codex-plus run -- codex',
  };
}

/** An entry that was meant to lead here and does not. */
function astray(
  config: CodexConfigFile,
  { id, entry, baseUrl, path }: ProviderInUse,
  url: string,
): Finding | undefined {
  const entries = Object.keys(tableAt(config.document, 'model_providers'));
  if (entry === undefined && !ownProviders.some((own) => own === id)) {
    const meant = entries.find((known) =>
      pointsHere(providerInUse({ ...config.document, model_provider: known }).baseUrl, url),
    );
    const likely = meant ?? closestName(id, entries);
    return {
      id: 'provider',
      level: 'problem',
      what: `model_provider is "${id}", and there is no [model_providers.${id}]: Codex does not start`,
      where: config.placeOf('model_provider'),
      todo: likely === undefined ? 'codex-plus init' : `write model_provider = "${likely}"`,
    };
  }
  if (pointsHere(baseUrl, url)) return undefined;
  const target = URL.parse(baseUrl ?? '');
  if (id !== providerId && (target === null || !isLoopback(target))) return undefined;
  return {
    id: 'provider',
    level: 'problem',
    what: `Codex calls ${baseUrl ?? 'no address at all'}, and Codex-Plus is at ${url}`,
    where: config.placeOf(...path),
    todo: `codex-plus init, or ${path.at(-1) ?? 'base_url'} = "${url}/v1"`,
  };
}

/** Codex then asks the backend for its workspace first, and goes past us or fails. Measured with 0.169.0. */
function trap(config: CodexConfigFile, { id, baseUrl, path }: ProviderInUse): Finding | undefined {
  const ending = /\/backend-api\/codex\/?$/;
  if (id !== 'openai' || baseUrl === undefined || !ending.test(baseUrl)) return undefined;
  return {
    id: 'base-url',
    level: 'problem',
    what: 'with a base URL that ends in /backend-api/codex, Codex goes past Codex-Plus or fails',
    where: config.placeOf(...path),
    todo: `end it with /v1: "${baseUrl.replace(ending, '/v1')}"`,
  };
}
