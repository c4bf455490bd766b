import type { Api } from '../../kernel/exchange.ts';
import { codecOf } from '../apis/codec-of.ts';
import type { Items } from '../apis/request-codec.ts';

/**
 * An item of a conversation with texts for the model behind it, which neither the user nor the model said: as a
 * developer's message in the Responses API, a system message in Chat Completions, and in the Messages API, which
 * has no such message, as text behind what the user's message holds. The item's own bytes stay.
 */
export function withContexts(api: Api, item: Buffer, texts: readonly string[]): Items {
  return texts.length === 0 ? [item] : codecOf(api).request.withContexts(item, texts);
}
