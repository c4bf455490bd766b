import { commandBody } from './command-body.ts';
import type { Command } from '../command.ts';
import { blocksOf, type ExpansionContext } from './expand-command.ts';
import { findFileReferences } from './file-references.ts';
import { findShellInclusions } from './shell-inclusions.ts';
import type { Span } from './substitute.ts';

/** What a command would do, without doing any of it. */
export interface CommandPreview {
  /** The prompt with its arguments in place; shell lines and file references stand as they are written. */
  readonly blocks: readonly string[];
  /** What would be run, in order. Their outputs may name further files, which is not known before. */
  readonly shellLines: readonly string[];
  readonly fileReferences: readonly string[];
  /** The script that would be run to make the prompt; then nothing else is known. */
  readonly script: string | undefined;
  readonly hints: readonly string[];
}

/** Shows the prompt and the shell lines of a command call; nothing is run or read. */
export function previewCommand(
  command: Command,
  args: string,
  context: Pick<ExpansionContext, 'workspace' | 'sessionId' | 'effort' | 'positionals' | 'maxLength'>,
): CommandPreview {
  if (command.kind === 'javascript' || command.kind === 'python') {
    const blocks = blocksOf(command.name, args, '');
    return { blocks, shellLines: [], fileReferences: [], script: command.source.file, hints: [] };
  }
  const { body, hints } = commandBody(command, args, context);
  const shell = findShellInclusions(body);
  return {
    blocks: blocksOf(command.name, args, body.text),
    shellLines: shell.map((inclusion) => inclusion.command),
    fileReferences: findFileReferences(withoutSpans(body.text, shell)).map(({ path }) => path),
    script: undefined,
    hints,
  };
}

/** A shell line goes before files are looked for: `@{u}` in it is a word of the shell's. */
function withoutSpans(text: string, spans: readonly Span[]): string {
  return spans.toReversed().reduce((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), text);
}
