import {
  selectClientAuthMethod,
  type AuthorizationServerMetadata,
  type StoredOAuthClientInformation,
} from '@modelcontextprotocol/client';
import { keyAuthentication } from './login-client.ts';
import type { OAuthSettings } from './oauth-settings.ts';

interface Proving {
  readonly client: StoredOAuthClientInformation;
  readonly settings: OAuthSettings | undefined;
  readonly url: string;
  readonly metadata: AuthorizationServerMetadata;
}

/** Adds to a form who sends it, and tells the headers that do: as the SDK proves it where tokens are asked for, which it keeps to itself. */
export async function proveClient(
  form: URLSearchParams,
  { client, settings, url, metadata }: Proving,
): Promise<Headers> {
  const headers = new Headers();
  const { addClientAuthentication } = settings === undefined ? {} : keyAuthentication(settings);
  if (addClientAuthentication !== undefined) {
    await addClientAuthentication(headers, form, url, metadata);
    return headers;
  }
  const { client_id: id, client_secret: secret } = client;
  const method = selectClientAuthMethod(client, methodsIn(metadata));
  if (method === 'client_secret_basic' && secret !== undefined) {
    headers.set('authorization', `Basic ${btoa(`${id}:${secret}`)}`);
    return headers;
  }
  form.set('client_id', id);
  if (method !== 'none' && secret !== undefined) form.set('client_secret', secret);
  return headers;
}

/** Those of the address that tokens are given back at, where the authorization server has others there. */
function methodsIn(metadata: AuthorizationServerMetadata): string[] {
  const own =
    'revocation_endpoint_auth_methods_supported' in metadata
      ? metadata.revocation_endpoint_auth_methods_supported
      : undefined;
  return own ?? metadata.token_endpoint_auth_methods_supported ?? [];
}
