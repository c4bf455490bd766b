import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import type { TextPiece } from '../answer-codec.ts';
import { onlyChoice } from './only-choice.ts';

/** The first chunk has the role, the last one the reason: they say no text. */
export function chatTextIn(event: JsonObject): TextPiece | undefined {
  const choice = onlyChoice(event);
  const delta = choice?.['delta'];
  if (choice === undefined || !isJsonObject(delta) || !saysOnly(delta, 'content')) return undefined;
  const { content } = delta;
  if (typeof content !== 'string') return undefined;
  return {
    key: String(choice['index']),
    text: content,
    replace: (text) => ({ ...event, choices: [{ ...choice, delta: { ...delta, content: text } }] }),
  };
}

/** Whether no other member of the object says anything. */
function saysOnly(delta: JsonObject, key: string): boolean {
  return Object.entries(delta).every(([name, value]) => name === key || value === null);
}
