import type { Environment } from '../../platform/config/environment.ts';
import { isAddressOf, knownProvider } from '../../platform/config/known-providers.ts';
import { usualKeyEnv, type LitellmModel } from '../../platform/config/litellm-config.ts';
import { providerBaseUrl } from '../../platform/config/provider-base-url.ts';
import type { CalledWith } from '../route/told-refusals.ts';
import { entriesOf, servedBy, type ServedOptions } from './served-by.ts';

/**
 * Who is called for a model, and with which key: through LiteLLM, whose environment `env` is as far as it is known, or `directly`, a
 * provider of codex_plus.json itself.
 */
export function calledWith(model: string, options: ServedOptions, directly: string | undefined): CalledWith {
  return directly === undefined
    ? throughLitellm(model, entriesOf(model, options.litellm), options.env)
    : atProvider(model, options, directly);
}

function throughLitellm(model: string, entries: readonly LitellmModel[], env: Environment): CalledWith {
  return { who: whoAnswers(model, entries, env), keys: [...new Set(entries.flatMap(keyOf))] };
}

/** What stands before the slash of an entry with an address is whose API is spoken there. */
function whoAnswers(model: string, entries: readonly LitellmModel[], env: Environment): string | undefined {
  const isOne = entries.length === 1;
  const [who, ...others] = new Set(
    entries.map(({ addressIn, provider }) => {
      if (addressIn === undefined) return movedTo(provider, env);
      return isOne
        ? `the server of "${model}" (the ${addressIn} of its entry in LiteLLM's file)`
        : anyOf(model);
    }),
  );
  return others.length === 0 ? who : anyOf(model);
}

function anyOf(model: string): string {
  return `a deployment of "${model}"`;
}

/** The environment may send LiteLLM elsewhere for all entries of a provider. */
function movedTo(provider = '', env: Environment): string | undefined {
  const moved = providerBaseUrl({ name: provider }, env);
  if (moved === undefined || isAddressOf(provider, moved.url)) return undefined;
  return `the server that ${moved.variable} names`;
}

function keyOf({ apiKeyEnv, keyIn, provider }: LitellmModel): readonly string[] {
  if (apiKeyEnv !== undefined) return [apiKeyEnv];
  if (keyIn !== undefined) return [`the ${keyIn} of its entry`];
  const usual = usualKeyEnv(provider);
  return usual === undefined ? [] : [`${usual}, which LiteLLM takes for an entry without an api_key`];
}

/** A provider may have the name of another one, and any may be moved by the environment. */
function atProvider(model: string, options: ServedOptions, name: string): CalledWith {
  const serving = servedBy(model, { ...options, env: {} }).filter(({ provider }) => provider.name === name);
  const isMoved = serving.some(
    ({ provider: { baseUrl } }) => knownProvider(name) !== undefined && !isAddressOf(name, baseUrl),
  );
  return {
    who: isMoved ? `the server that is configured as "${name}"` : undefined,
    keys: [...new Set(serving.map(({ provider }) => provider.apiKeyEnv))],
  };
}
