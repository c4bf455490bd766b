import type { Api } from '../../kernel/exchange.ts';
import { headerValue, type RawHeaders } from '../../kernel/headers.ts';
import { apiNamedIn } from '../api-path.ts';

/** The API whose form a client understands: by the path, else by what clients of Anthropic's always say. */
export function apiOfClient(url: string, headers: RawHeaders): Api | undefined {
  const isAnthropics = headerValue(headers, 'anthropic-version') !== undefined;
  return apiNamedIn(url) ?? (isAnthropics ? 'messages' : undefined);
}
