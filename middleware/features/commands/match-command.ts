/** A prompt that calls a command. */
export interface CommandCall {
  readonly name: string;
  /** All that follows the name, both ends trimmed, inner spacing and line breaks kept. */
  readonly args: string;
}

/**
 * The command that a prompt's text calls, if its form is that of a call; whether there is such a command is the
 * catalogue's to say. Paths, code and a slash anywhere but at the start never call one. Codex's own interface
 * refuses unknown names after a slash, so that its users write `:name`, `$name` or a space before it. What it knows
 * as `$name` are skills, and not those with a dot, a colon or an accent in their names, so that the text itself is
 * looked at.
 */
export function matchCommand(
  text: string,
  { isCodex }: { readonly isCodex: boolean },
): CommandCall | undefined {
  const form = isCodex ? /^ ?[/:$]([^\s/]+)(?=\s|$)/ : /^\/([^\s/]+)(?=\s|$)/;
  const match = form.exec(text);
  const name = match?.[1];
  return name === undefined ? undefined : { name, args: text.slice(match?.[0].length).trim() };
}
