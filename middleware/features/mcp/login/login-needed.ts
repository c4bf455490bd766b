import { OAuthError } from '@modelcontextprotocol/client';
import { visibleLine } from '../../../kernel/visible-text.ts';
import type { LoginChallenge } from './login-record.ts';

/** A server that nothing more can be asked before its user signs in. */
export class LoginNeeded extends Error {
  readonly reason: LoginChallenge['reason'];

  constructor(reason: LoginChallenge['reason'], options?: ErrorOptions) {
    super('a login is needed', options);
    this.name = 'LoginNeeded';
    this.reason = reason;
  }
}

/** Whether an authorization server does not know our client, or not any more (RFC 6749, 5.2). */
export function isClientUnknown(error: unknown): boolean {
  return error instanceof OAuthError && error.code === 'invalid_client';
}

/** A server that wants rights which its entry does not let anybody ask for. */
export class RightsLimited extends Error {
  constructor(missing: readonly string[]) {
    super(
      `wants rights that \`oauth.scopes\` of its entry leave out: ${visibleLine(missing.join(' '), 200)}`,
    );
    this.name = 'RightsLimited';
  }
}

/** Somebody signed in anew while a connection was open, which is the former one's. */
export class LoginChanged extends Error {
  constructor() {
    super('the login was changed');
    this.name = 'LoginChanged';
  }
}
