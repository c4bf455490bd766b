import type { HookEntry, PromptHandler } from './hook-entry.ts';
import type { HookInput } from './hook-input.ts';
import type { HookParts } from './hook-parts.ts';
import type { HookEnd } from './parse-output.ts';
import { answeredEnd, withinTime } from './within-time.ts';

/** Asks a model about the input. Its answer, `{"ok": false, "reason": "…"}`, is for `parseVerdict`. */
export function runPromptHook(
  entry: HookEntry,
  { prompt, model }: PromptHandler,
  { input, signal }: { readonly input: HookInput; readonly signal: AbortSignal },
  askModel: HookParts['askModel'],
): Promise<HookEnd> {
  return withinTime(entry.timeoutMs, signal, async (limited) => {
    const json = JSON.stringify(input);
    const filled = prompt.replaceAll('$ARGUMENTS', () => json);
    const question = filled === prompt ? `${prompt}\n\nARGUMENTS: ${json}` : filled;
    return answeredEnd(await askModel({ prompt: question, model, signal: limited }), false);
  });
}
