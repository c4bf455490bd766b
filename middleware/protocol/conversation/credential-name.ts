import { createHmac, randomBytes } from 'node:crypto';
import { headerValue, type RawHeaders } from '../../kernel/headers.ts';

/** Names need only hold while this process runs, as conversations do; a plain digest would give a short key away. */
const secret = randomBytes(32);

const credentialHeaders = ['authorization', 'x-api-key', 'chatgpt-account-id'];

/** The token of a Claude subscription: Claude Code renews it in the midst of a conversation. */
const renewedToken = /^bearer +sk-ant-oat/i;

/**
 * Names the credential that a request came with, so that two programs with keys of their own are two callers, whether we
 * ask for a key or not. Of one that is renewed meanwhile, the session that its client tells counts.
 */
export function credentialName(headers: RawHeaders): string {
  const presented = credentialHeaders.map((name) => headerValue(headers, name) ?? '');
  const session = renewedToken.test(presented[0] ?? '')
    ? headerValue(headers, 'x-claude-code-session-id')
    : undefined;
  const named = session === undefined ? ['credential', ...presented] : ['session', session];
  return createHmac('sha256', secret).update(JSON.stringify(named)).digest('base64url');
}
