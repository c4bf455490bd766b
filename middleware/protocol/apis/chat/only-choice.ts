import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';

/** The one choice of a chunk that goes on; `undefined` for the last one of it, which says why it ended, and for several. */
export function onlyChoice(event: JsonObject): JsonObject | undefined {
  const choices = event['choices'];
  if (!Array.isArray(choices) || choices.length !== 1) return undefined;
  const choice: unknown = choices[0];
  if (!isJsonObject(choice)) return undefined;
  const reason = choice['finish_reason'];
  return reason === undefined || reason === null ? choice : undefined;
}
