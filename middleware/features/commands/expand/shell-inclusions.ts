import { withoutFraming } from '../../../protocol/conversation/without-framing.ts';
import type { ShellResult } from './shell-result.ts';
import type { Span, Substituted } from './substitute.ts';

/** A shell line whose output is to stand in its place. */
export interface ShellInclusion extends Span {
  readonly command: string;
  /** As it is written, marks included. */
  readonly pattern: string;
}

/**
 * The `` !`…` `` after white space and the fenced blocks opened with `` ```! ``, in order. Those whose opening came out of
 * the arguments are none.
 */
export function findShellInclusions({ text, inserted }: Substituted): readonly ShellInclusion[] {
  const blocks = findBlocks(text);
  const lines = [...text.matchAll(/(?<=^|\s)!`([^`]+)`/g)].map((match) =>
    inclusion(match.index, match[0], match[1] ?? ''),
  );
  const inBlock = spanFinder(blocks);
  const inInserted = spanFinder(inserted);
  return [...blocks, ...lines]
    .sort((one, other) => one.start - other.start)
    .filter(({ command, start, pattern }) => {
      const isLine = pattern.startsWith('!');
      if (command === '' || (isLine && inBlock(start, start + 1))) return false;
      return !inInserted(start, start + (isLine ? 2 : 4));
    });
}

export type Included =
  | { readonly kind: 'included'; readonly text: string }
  /** One of the lines failed or may not run: then nothing of the command is used. */
  | { readonly kind: 'refused'; readonly message: string };

interface IncludeOptions {
  readonly run: (command: string) => Promise<ShellResult>;
  /** Keeps an output that is too large for a prompt, and tells where. */
  readonly saveOutput?: ((output: string) => Promise<string>) | undefined;
}

/** Runs all shell lines at once and puts their outputs in their places; outputs are not looked at again. */
export async function includeShellOutput(
  text: string,
  inclusions: readonly ShellInclusion[],
  { run, saveOutput }: IncludeOptions,
): Promise<Included> {
  const results = await Promise.all(inclusions.map(({ command }) => run(command)));
  let included = '';
  let last = 0;
  for (const [index, { start, end, pattern }] of inclusions.entries()) {
    const output = outputOf(pattern, results[index] ?? { kind: 'disabled' });
    if (output.kind === 'refused') return output;
    included += text.slice(last, start) + (await shortened(output.text, saveOutput));
    last = end;
  }
  return { kind: 'included', text: included + text.slice(last) };
}

function inclusion(start: number, pattern: string, command: string): ShellInclusion {
  return { start, end: start + pattern.length, pattern, command: command.replaceAll('\r\n', '\n').trim() };
}

function findBlocks(text: string): readonly ShellInclusion[] {
  const blocks: ShellInclusion[] = [];
  const opening = /^[ \t]*```!(?:[ \t]*[\w-]+)?[ \t]*\r?\n/gm;
  const closing = /^[ \t]*```/gm;
  for (let open = opening.exec(text); open !== null; open = opening.exec(text)) {
    closing.lastIndex = opening.lastIndex;
    const close = closing.exec(text);
    if (close === null) break;
    const start = text.indexOf('`', open.index);
    blocks.push(
      inclusion(start, text.slice(start, closing.lastIndex), text.slice(opening.lastIndex, close.index)),
    );
    opening.lastIndex = closing.lastIndex;
  }
  return blocks;
}

/** Tells whether a stretch meets one of the spans, both asked for and given in their order: each is looked at once. */
function spanFinder(spans: readonly Span[]): (start: number, end: number) => boolean {
  let at = 0;
  return (start, end) => {
    let span = spans[at];
    while (span !== undefined && span.end <= start) {
      at += 1;
      span = spans[at];
    }
    return span !== undefined && span.start < end;
  };
}

function outputOf(pattern: string, result: ShellResult): Included {
  switch (result.kind) {
    case 'succeeded':
      return { kind: 'included', text: joined(result) || '(Bash completed with no output)' };
    case 'disabled':
      return { kind: 'included', text: '[shell command execution disabled by policy]' };
    case 'failed': {
      const output = joined(result);
      const message = output === '' ? '' : `[stderr]\n${output}`;
      return { kind: 'refused', message: `Shell command failed for pattern "${pattern}": ${message}` };
    }
    case 'refused':
      return {
        kind: 'refused',
        message: `Shell command permission check failed for pattern "${pattern}": ${result.reason}`,
      };
  }
}

function joined({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): string {
  return [stdout, stderr]
    .map((text) => text.trimEnd())
    .filter((text) => text !== '')
    .join('\n');
}

const maxOutput = 30_000;
const previewLength = 2_000;

/** A large output gives way to its beginning and the place of the rest. */
async function shortened(output: string, saveOutput: IncludeOptions['saveOutput']): Promise<string> {
  if (output.length <= maxOutput) return output;
  const size = `${Number((Buffer.byteLength(output) / 1024).toFixed(1))}KB`;
  const place = saveOutput === undefined ? '' : ` Full output saved to: ${await saveOutput(output)}`;
  const beginning = output.slice(0, previewLength);
  const lineEnd = beginning.lastIndexOf('\n');
  const preview = lineEnd > 0 ? beginning.slice(0, lineEnd) : beginning;
  return `<persisted-output>\nOutput too large (${size}).${place}\n\nPreview (first 2KB):\n${withoutFraming(preview)}\n...\n</persisted-output>`;
}
