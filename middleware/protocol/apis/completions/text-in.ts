import type { JsonObject } from '../../../kernel/json-object.ts';
import type { TextPiece } from '../answer-codec.ts';
import { onlyChoice } from '../chat/only-choice.ts';

export function completionsTextIn(event: JsonObject): TextPiece | undefined {
  const choice = onlyChoice(event);
  if (choice === undefined || typeof choice['text'] !== 'string') return undefined;
  return {
    key: String(choice['index']),
    text: choice['text'],
    replace: (text) => ({ ...event, choices: [{ ...choice, text }] }),
  };
}
