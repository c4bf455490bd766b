import type { CommandCall } from './match-command.ts';

/** Marks the skills that are there only to make a command callable as `$name`. */
export const stubMarker = '<!-- codex-plus command -->';

/** The prompt as far as it matters here: its text, and the skill that the client put behind it. */
interface PromptWithSkill {
  readonly text: string;
  readonly skill: { readonly text: string } | undefined;
}

/** The command that a prompt calls through one of our skills; `undefined` for every other prompt. */
export function stubCommandOf({ text, skill }: PromptWithSkill): CommandCall | undefined {
  if (skill?.text.includes(stubMarker) !== true) return undefined;
  const name = /^command: (\S+)$/m.exec(skill.text)?.[1];
  const call = /^\s*\$\S+([\s\S]*)$/.exec(text);
  return name === undefined || call === null ? undefined : { name, args: (call[1] ?? '').trim() };
}
