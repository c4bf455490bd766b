/** What Codex's own tools write about the end of a command, in front of its output. */
export interface CodexOutput {
  /** `undefined` while the command goes on. */
  readonly exitCode: number | undefined;
  readonly durationMs: number | undefined;
  readonly output: string;
}

/** Reads the text that Codex (0.169.0, 0.171.0) makes of a command or a patch; `undefined` for any other text. */
export function parseCodexOutput(text: string): CodexOutput | undefined {
  const divider = dividerIn(text);
  if (divider === undefined) return undefined;
  const head = text.slice(0, divider.start);
  const seconds = /^Wall time: ([\d.]+) seconds$/m.exec(head)?.[1];
  const exitCode = /^(?:Process exited with code|Exit code:) (-?\d+)$/m.exec(head)?.[1];
  if (seconds === undefined && exitCode === undefined) return undefined;
  return {
    exitCode: exitCode === undefined ? undefined : Number(exitCode),
    durationMs: seconds === undefined ? undefined : Math.round(Number(seconds) * 1000),
    output: text.slice(divider.end),
  };
}

/**
 * The text with another output, behind what Codex writes about the end of the command; for any other text the
 * output alone.
 */
export function withCodexOutput(text: string, output: string): string {
  const divider = parseCodexOutput(text) === undefined ? undefined : dividerIn(text);
  return divider === undefined ? output : `${text.slice(0, divider.start)}\nOutput:\n${output}`;
}

/** Where the output begins, and what stands before it ends. */
function dividerIn(text: string): { readonly start: number; readonly end: number } | undefined {
  const found = /(?:^|\n)Output:(?:\n|$)/.exec(text);
  return found === null ? undefined : { start: found.index, end: found.index + found[0].length };
}
