/** What Codex's own tools write about the end of a command, in front of its output. */
export interface CodexOutput {
  /** `undefined` while the command goes on. */
  readonly exitCode: number | undefined;
  readonly durationMs: number | undefined;
  readonly output: string;
}

/** Reads the text that Codex (0.169.0) makes of a command; `undefined` for any other text. */
export function parseCodexOutput(text: string): CodexOutput | undefined {
  const divider = /(?:^|\n)Output:(?:\n|$)/.exec(text);
  if (divider === null) return undefined;
  const head = text.slice(0, divider.index);
  const seconds = /^Wall time: ([\d.]+) seconds$/m.exec(head)?.[1];
  const exitCode = /^Process exited with code (-?\d+)$/m.exec(head)?.[1];
  if (seconds === undefined && exitCode === undefined) return undefined;
  return {
    exitCode: exitCode === undefined ? undefined : Number(exitCode),
    durationMs: seconds === undefined ? undefined : Math.round(Number(seconds) * 1000),
    output: text.slice(divider.index + divider[0].length),
  };
}
