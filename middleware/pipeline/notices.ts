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
  const text = visibleLine(notices.join(' '), maxLength);
  // A header is ASCII.
  return {
    ...reply,
    headers: [...reply.headers, header, text.replaceAll('…', '...').replaceAll(/[^ -~]/g, '?')],
  };
}
