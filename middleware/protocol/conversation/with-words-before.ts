import type { Api } from '../../kernel/exchange.ts';
import { codecOf } from '../apis/codec-of.ts';
import type { Items } from '../apis/request-codec.ts';

/**
 * A message of the user with other words of theirs in front of it: as a message of its own, in the Messages API,
 * where the roles take turns, as text in front of what the message holds.
 */
export function withWordsBefore(api: Api, [message, ...others]: Items, text: string): Items {
  if (message === undefined) return [];
  return [...codecOf(api).request.withWordsBefore(message, text), ...others];
}
