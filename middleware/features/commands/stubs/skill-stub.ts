import type { CommandCall } from '../match-command.ts';

/** Marks the skills that are there only to make a command callable as `$name`. */
export const stubMarker = '<!-- codex-plus command -->';

/** The prompt as far as it matters here: its text, and the skill that the client put behind it. */
interface PromptWithSkill {
  readonly text: string;
  readonly skill: { readonly text: string } | undefined;
}

/** A call through one of our skills. */
export interface StubCall extends CommandCall {
  /** The file of the command for which the skill was made; `undefined` for a built-in one. */
  readonly from: string | undefined;
}

/** The command that a prompt calls through one of our skills; `undefined` for every other prompt. */
export function stubCommandOf({ text, skill }: PromptWithSkill): StubCall | undefined {
  if (skill?.text.includes(stubMarker) !== true) return undefined;
  const name = /^command: (\S+)$/m.exec(skill.text)?.[1];
  const call = /^\s*\$\S+([\s\S]*)$/.exec(text);
  if (name === undefined || call === null) return undefined;
  return { name, args: (call[1] ?? '').trim(), from: /^from: (.+)$/m.exec(skill.text)?.[1] };
}

/** The answer to a call of a command that is not here: Codex offers its skill everywhere. */
export function notHereText(stub: StubCall | undefined): string | undefined {
  if (stub === undefined) return undefined;
  const { name, from } = stub;
  return from === undefined
    ? `There is no command /${name} here.`
    : `There is no command /${name} here: its file is ${from}, which belongs to another project or is gone.`;
}
