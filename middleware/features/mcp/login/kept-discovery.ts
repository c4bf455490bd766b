import type { OAuthDiscoveryState } from '@modelcontextprotocol/client';

type Metadata = NonNullable<OAuthDiscoveryState['authorizationServerMetadata']>;

/** The members that renewing and revoking need; others may be as long as a server likes. */
const keptMembers = [
  'issuer',
  'authorization_endpoint',
  'token_endpoint',
  'revocation_endpoint',
  'revocation_endpoint_auth_methods_supported',
  'response_types_supported',
  'token_endpoint_auth_methods_supported',
] as const;

/** What is kept of where tokens are from. */
export function keptDiscovery(state: OAuthDiscoveryState): OAuthDiscoveryState {
  const { authorizationServerUrl, authorizationServerMetadata: metadata, resourceMetadata } = state;
  return {
    authorizationServerUrl,
    ...(metadata !== undefined && { authorizationServerMetadata: only(metadata) }),
    ...(resourceMetadata !== undefined && { resourceMetadata: { resource: resourceMetadata.resource } }),
  };
}

function only(metadata: Metadata): Metadata {
  const kept = keptMembers.flatMap((name) =>
    name in metadata ? [[name, metadata[name as keyof Metadata]] as const] : [],
  );
  return Object.fromEntries(kept) as Metadata;
}
