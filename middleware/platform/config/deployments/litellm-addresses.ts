import { isGiven, listIn } from '../../../kernel/json-object.ts';
import { valueOf, type Environment } from '../environment.ts';
import { isAddressOf } from '../known-providers.ts';
import { asMapping, envNameOf, type Mapping } from '../litellm-yaml.ts';
import { providerBaseUrl } from '../provider-base-url.ts';

/** What a `litellm_config.yaml` says, beside the settings of an entry, of where models are called. */
export interface LitellmAddresses {
  /** The addresses in `credential_list`, by the credentials' names; `undefined` for one without. */
  readonly ofCredentials: ReadonlyMap<string, string | undefined>;
  /** `environment_variables`, which count before those that LiteLLM has; the value of one may name another. */
  readonly variables: Environment;
  /** `litellm_settings.api_base`, for all entries that say nothing else. */
  readonly ofAll: string | undefined;
}

export function readAddresses(root: Mapping): LitellmAddresses {
  const { credential_list: list, environment_variables: variables, litellm_settings: settings } = root;
  const credentials = listIn(list).map(asMapping);
  return {
    ofCredentials: new Map(
      credentials.flatMap(({ credential_name: name, credential_values: values }) =>
        typeof name === 'string' ? [[name, addressOf(asMapping(values))] as const] : [],
      ),
    ),
    variables: Object.fromEntries(
      Object.entries(asMapping(variables)).map(([name, value]) => [name, textIn(value)]),
    ),
    ofAll: textIn(asMapping(settings)['api_base']),
  };
}

/** Members of an entry that lead elsewhere: `base_url` is another name, and a credential may have an address. */
export const addressMembers = ['api_base', 'base_url', 'litellm_credential_name'] as const;

export type AddressMember = (typeof addressMembers)[number];

/** The member of an entry's settings that names an address of its own, or may: a credential that the file does not have. */
export function addressMemberOf(
  params: Mapping,
  { ofCredentials }: LitellmAddresses,
): AddressMember | undefined {
  return addressMembers.find((member) => {
    const value = params[member];
    if (member !== 'litellm_credential_name') return isGiven(value);
    return (
      isGiven(value) && (!ofCredentials.has(String(value)) || ofCredentials.get(String(value)) !== undefined)
    );
  });
}

/** The address that an entry's settings name, or the credential that may have one. */
export function addressOf(params: Mapping): string | undefined {
  return addressMembers.map((name) => textIn(params[name])).find((value) => value !== undefined);
}

/** Whether an entry's settings name an address of its own. */
export function leadsElsewhere(params: Mapping): boolean {
  return addressMembers.some((name) => isGiven(params[name]));
}

/** Where LiteLLM calls the entries of a provider that name no address, and what says so; `undefined`: at the provider's own. */
export function movedTo(
  provider: string,
  { ofAll, variables }: LitellmAddresses,
  env: Environment,
): { readonly url: string; readonly saidBy: string } | undefined {
  const byVariable = providerBaseUrl({ name: provider }, withVariables(env, variables));
  const moved =
    ofAll === undefined
      ? byVariable && { url: byVariable.url, saidBy: byVariable.variable }
      : { url: ofAll, saidBy: 'litellm_settings.api_base' };
  return moved === undefined || isAddressOf(provider, moved.url) ? undefined : moved;
}

/** What another one gives that is not known stands for an address of which nothing is known. */
function withVariables(env: Environment, variables: Environment): Environment {
  const given = Object.entries(variables).flatMap(([name, value]) => {
    const other = envNameOf(value);
    const resolved = other === undefined ? value : (valueOf(env, other) ?? value);
    return resolved === undefined ? [] : [[name, resolved] as const];
  });
  return given.length === 0 ? env : { ...env, ...Object.fromEntries(given) };
}

/** The settings of an entry with the address that it is called at, whatever says so. */
export function atItsAddress(
  params: Mapping,
  provider: string | undefined,
  { addresses, env }: { readonly addresses: LitellmAddresses; readonly env: Environment },
): Mapping {
  const member = addressMemberOf(params, addresses);
  if (member === undefined) {
    const moved = provider === undefined ? undefined : movedTo(provider, addresses, env);
    return { ...params, litellm_credential_name: undefined, api_base: moved?.url };
  }
  const ofCredential = addresses.ofCredentials.get(String(params[member]));
  return member === 'litellm_credential_name' && ofCredential !== undefined
    ? { ...params, api_base: ofCredential }
    : params;
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
