/** What to tell the author of a command that seems to count its arguments from elsewhere; `undefined` where all is well. */
export function positionalHint(body: string, firstPositional: 0 | 1): string | undefined {
  const used = new Set([...body.matchAll(/(?<!\\)\$(?:ARGUMENTS\[(\d+)\]|(\d+)(?!\w))/g)].map(positionOf));
  if (firstPositional === 1) {
    return used.has(0)
      ? '$0 stands for nothing here: the first argument is $1 (as in .claude folders: commands.positionals "zero")'
      : undefined;
  }
  return used.has(1) && !used.has(0)
    ? '$1 is the second argument here, as in Claude Code: the first is $0 (to count from $1: commands.positionals "one")'
    : undefined;
}

function positionOf([, index, position]: RegExpMatchArray): number {
  return Number(index ?? position);
}
