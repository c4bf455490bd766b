import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';

/** How to sign in at a server, as its entry says. Everything is found out of the server where nothing is said. */
export interface OAuthSettings {
  /** `client_credentials`: as a program, without a user. */
  readonly grant: 'authorization_code' | 'client_credentials';
  /** Of a client that was registered by hand. */
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  /** A PEM text that the client proves itself with, instead of a secret. */
  readonly privateKey: string | undefined;
  /** What it signs with: `ES256`, `RS256`. */
  readonly algorithm: string | undefined;
  /** The address of a document about the client, which is its id where the authorization server takes that. */
  readonly clientMetadataUrl: string | undefined;
  /** The only authorization server that may have the credentials. */
  readonly issuer: string | undefined;
  /** Separated by spaces; asked for instead of those that the server names. */
  readonly scope: string | undefined;
  /** Of the redirect URI that was registered. */
  readonly callbackPort: number | undefined;
}

type Fault = (message: string) => Error;

/** Reads `oauth` of an entry; throws what is made of a fault. */
export function readOAuthSettings(value: unknown, fault: Fault): OAuthSettings {
  if (value !== undefined && !isJsonObject(value)) throw fault('`oauth` has to be an object');
  const written = value ?? {};
  const text = (name: string): string | undefined => textIn(written, name, fault);
  const settings: OAuthSettings = {
    grant: grantIn(written, fault),
    clientId: text('clientId'),
    clientSecret: text('clientSecret'),
    privateKey: text('privateKey'),
    algorithm: text('algorithm'),
    clientMetadataUrl: text('clientMetadataUrl'),
    issuer: text('issuer'),
    scope: scopeIn(written, fault),
    callbackPort: portIn(written, fault),
  };
  const { grant, clientId, clientSecret, privateKey } = settings;
  if (
    grant === 'client_credentials' &&
    (clientId === undefined || (clientSecret ?? privateKey) === undefined)
  )
    throw fault('`oauth` needs `clientId`, and `clientSecret` or `privateKey`, for client credentials');
  return settings;
}

function textIn(written: JsonObject, name: string, fault: Fault): string | undefined {
  const value = written[name];
  if (value === undefined || (typeof value === 'string' && value !== '')) return value;
  throw fault(`\`oauth.${name}\` has to be a text`);
}

function grantIn({ grant }: JsonObject, fault: Fault): OAuthSettings['grant'] {
  if (grant === undefined || grant === 'authorization_code') return 'authorization_code';
  if (grant === 'client_credentials') return grant;
  throw fault('`oauth.grant` has to be "authorization_code" or "client_credentials"');
}

function scopeIn({ scopes }: JsonObject, fault: Fault): string | undefined {
  if (scopes === undefined || typeof scopes === 'string') return scopes;
  if (Array.isArray(scopes) && scopes.every((scope) => typeof scope === 'string')) return scopes.join(' ');
  throw fault('`oauth.scopes` has to be a text or a list of texts');
}

function portIn({ callbackPort: port }: JsonObject, fault: Fault): number | undefined {
  if (port === undefined || (Number.isInteger(port) && Number(port) > 0 && Number(port) < 65_536))
    return port as number | undefined;
  throw fault('`oauth.callbackPort` has to be a port');
}
