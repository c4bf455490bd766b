import { providerBaseUrl } from '../../platform/config/provider-base-url.ts';
import { movedTo } from '../../platform/config/deployments/litellm-addresses.ts';
import { isAddressOf, knownProvider } from '../../platform/config/known-providers.ts';
import { usualKeyEnv, type LitellmModel } from '../../platform/config/litellm-config.ts';
import type { CalledWith } from '../route/told-refusals.ts';
import { entriesOf, servedBy, type ServedOptions } from './served-by.ts';

/**
 * Who is called for a model, at which address, and with which key: through LiteLLM, or `directly`, a provider of codex_plus.json
 * itself. `env` is the environment of whoever calls, as far as it is known.
 */
export function calledWith(model: string, options: ServedOptions, directly: string | undefined): CalledWith {
  return directly === undefined ? throughLitellm(model, options) : atProvider(model, options, directly);
}

function throughLitellm(model: string, options: ServedOptions): CalledWith {
  const entries = entriesOf(model, options.litellm);
  const isOne = entries.length === 1;
  const settings = entries.map((entry) => addressSetting(entry, options));
  const [who, ...others] = new Set(
    settings.map(({ isOfEntry, name }) => {
      if (name === undefined) return undefined;
      if (!isOfEntry) return `the server that ${name} names`;
      return isOne ? `the server of "${model}" (the ${name} of its entry in LiteLLM's file)` : anyOf(model);
    }),
  );
  const [address, ...otherAddresses] = new Set(
    settings.map(({ isOfEntry, name }) => (isOfEntry ? `\`${name}\` of its entry in LiteLLM's file` : name)),
  );
  return {
    who: others.length === 0 ? who : anyOf(model),
    address: otherAddresses.length === 0 ? address : undefined,
    keys: [...new Set(entries.flatMap(keyOf))],
  };
}

type AddressSetting =
  | { readonly isOfEntry: true; readonly name: string }
  /** `undefined`: none is needed at the provider's own. */
  | { readonly isOfEntry: false; readonly name: string | undefined };

/** What says where an entry is called. What stands before the slash of one with an address is whose API is spoken there. */
function addressSetting(
  { addressIn, provider = '' }: LitellmModel,
  { litellm: { addresses }, env }: ServedOptions,
): AddressSetting {
  if (addressIn !== undefined) return { isOfEntry: true, name: addressIn };
  // The environment, or the whole of the file, may send LiteLLM elsewhere for all entries of a provider.
  return { isOfEntry: false, name: movedTo(provider, addresses, env)?.saidBy };
}

function anyOf(model: string): string {
  return `a deployment of "${model}"`;
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
    address: providerBaseUrl({ name }, options.env)?.variable,
    ...(serving.some(({ provider: { models } }) => models !== undefined)
      ? { modelIn: `"models" of "${name}" in codex_plus.json` }
      : {}),
    keys: [...new Set(serving.map(({ provider }) => provider.apiKeyEnv))],
  };
}
