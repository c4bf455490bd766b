import type { HookInput } from '../hook-input.ts';

/** A hook's prompt with the input in the place of `$ARGUMENTS`, or behind it. */
export function fillPrompt(prompt: string, input: HookInput): string {
  const json = JSON.stringify(input);
  const filled = prompt.replaceAll('$ARGUMENTS', () => json);
  return filled === prompt ? `${prompt}\n\nARGUMENTS: ${json}` : filled;
}
