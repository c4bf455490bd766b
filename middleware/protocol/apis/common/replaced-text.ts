import { withCodexOutput } from '../../codex/codex-output.ts';
import { objectsIn, textAt } from './read-event.ts';

/**
 * The content of a result with another text, behind what Codex writes about the end of a command. A list stays one:
 * of its texts the first is the new one, and nothing else of what the tool gave is left.
 */
export function replacedText(before: unknown, text: string, textType: string): unknown {
  if (!Array.isArray(before)) return withCodexOutput(typeof before === 'string' ? before : '', text);
  const whole = objectsIn(before)
    .map((part) => textAt(part, 'text'))
    .join('');
  return [{ type: textType, text: withCodexOutput(whole, text) }];
}
