/** A program and its arguments. */
export interface CommandLine {
  readonly file: string;
  readonly args: readonly string[];
  /** Windows: the arguments go to the program as they are, without quoting. */
  readonly isVerbatim: boolean;
}

/** How a shell line is run: by bash, and on Windows by `cmd /c`. */
export function shellCommandLine(command: string, platform: NodeJS.Platform): CommandLine {
  if (platform !== 'win32') return { file: '/bin/bash', args: ['-c', command], isVerbatim: false };
  // cmd reads no further than the first line, so that a block's lines become one.
  const line = command
    .split(/\r?\n/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join(' & ');
  // With /s, cmd takes off the outer quotes and leaves all that is between them alone; /d: no AutoRun commands.
  return { file: 'cmd.exe', args: ['/d', '/s', '/c', `"${line}"`], isVerbatim: true };
}
