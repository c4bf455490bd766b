import { StateKey } from '../kernel/exchange-state.ts';
import type { Exchange } from '../kernel/exchange.ts';
import type { Reply } from '../kernel/reply.ts';
import { visibleLine } from '../kernel/visible-text.ts';

const header = 'x-codex-plus-notice';
const maxLength = 1_000;

const noticesKey = new StateKey<readonly string[]>('notices');

/** Has the head of an answer tell what a program, or whoever runs it, is to know: in the answer it would be a part of that. */
export function addNotices({ state }: Pick<Exchange, 'state'>, notices: readonly string[]): void {
  if (notices.length > 0) state.set(noticesKey, [...(state.get(noticesKey) ?? []), ...notices]);
}

/** The reply with what its head has to tell; the same where that is nothing. */
export function withNotices(reply: Reply, { state }: Pick<Exchange, 'state'>): Reply {
  const notices = state.get(noticesKey);
  if (notices === undefined) return reply;
  const text = visibleLine(notices.join(' '), maxLength).replaceAll('…', '...');
  return { ...reply, headers: [...reply.headers, header, inAscii(text)] };
}

/** A header is ASCII: all else is percent-encoded (RFC 8187), or a name of a server would be no name any more. */
function inAscii(text: string): string {
  let made = '';
  for (const letter of text) {
    const written = /[ -$&-~]/.test(letter) ? letter : encodeURIComponent(letter);
    if (made.length + written.length > maxLength - 3) return `${made}...`;
    made += written;
  }
  return made;
}
