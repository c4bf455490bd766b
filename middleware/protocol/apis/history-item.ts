import type { JsonObject } from '../../kernel/json-object.ts';

/**
 * The smallest piece of a turn as an API writes it: what the model said or called, or what it was told, such as
 * what came of a call. A message of the Chat Completions or the Messages API is made of several.
 */
export interface HistoryItem {
  readonly kind: 'said' | 'output';
  readonly item: JsonObject;
}
