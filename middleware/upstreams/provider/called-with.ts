import { isAddressOf, knownProvider } from '../../platform/config/known-providers.ts';
import { usualKeyEnv, type LitellmModel } from '../../platform/config/litellm-config.ts';
import type { CalledWith } from '../route/told-refusals.ts';
import { entriesOf, servedBy, type ServedOptions } from './served-by.ts';

/** Who is called for a model, and with which key: through LiteLLM, or `directly`, a provider of codex_plus.json itself. */
export function calledWith(
  model: string,
  options: Omit<ServedOptions, 'env'>,
  directly: string | undefined,
): CalledWith {
  return directly === undefined
    ? throughLitellm(model, entriesOf(model, options.litellm))
    : atProvider(model, options, directly);
}

function throughLitellm(model: string, entries: readonly LitellmModel[]): CalledWith {
  return { who: whoAnswers(model, entries), keys: [...new Set(entries.flatMap(keyOf))] };
}

/** What stands before the slash of an entry with an address is whose API is spoken there. */
function whoAnswers(model: string, entries: readonly LitellmModel[]): string | undefined {
  const [first, ...others] = entries;
  if (entries.every(({ addressIn }) => addressIn === undefined)) return undefined;
  return first === undefined || others.length > 0
    ? `a deployment of "${model}"`
    : `the server of "${model}" (the ${first.addressIn ?? ''} of its entry in LiteLLM's file)`;
}

function keyOf({ apiKeyEnv, keyIn, provider }: LitellmModel): readonly string[] {
  if (apiKeyEnv !== undefined) return [apiKeyEnv];
  if (keyIn !== undefined) return [`the ${keyIn} of its entry`];
  const usual = usualKeyEnv(provider);
  return usual === undefined ? [] : [`${usual}, which LiteLLM takes for an entry without an api_key`];
}

/** A provider may have the name of another one, and any may be moved by the environment. */
function atProvider(model: string, options: Omit<ServedOptions, 'env'>, name: string): CalledWith {
  const serving = servedBy(model, { ...options, env: {} }).filter(({ provider }) => provider.name === name);
  const isMoved = serving.some(
    ({ provider: { baseUrl } }) => knownProvider(name) !== undefined && !isAddressOf(name, baseUrl),
  );
  return {
    who: isMoved ? `the server that is configured as "${name}"` : undefined,
    keys: [...new Set(serving.map(({ provider }) => provider.apiKeyEnv))],
  };
}
