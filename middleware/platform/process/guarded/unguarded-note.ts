interface Looked {
  readonly wholeTo: number;
  readonly areLinksWhole: boolean;
  readonly areNamesWhole: boolean;
}

/** What of a project is not guarded, as a sentence; `undefined` where nothing is left out. */
export function unguardedNote({ wholeTo, areLinksWhole, areNamesWhole }: Looked): string | undefined {
  const parts = [
    ...(wholeTo === Infinity ? [] : [`what lies deeper than ${Math.max(0, wholeTo)} folders in it`]),
    ...(areLinksWhole ? [] : ['what links in .git, .vscode and the like lead to']),
    ...(areNamesWhole ? [] : ["what git's configuration names"]),
  ];
  if (parts.length === 0) return undefined;
  return (
    `not all of the project was looked through: ${parts.join(', and ')} is not guarded, ` +
    'and a command can put there what runs later, outside the sandbox; open a smaller folder as the project'
  );
}
