/**
 * The comment that a script begins with, without its comment marks: its first line describes the command, and front matter
 * may stand in it as in a Markdown file. Empty where there is none.
 */
export function scriptHeader(source: string): string {
  const text = source.replace(/^\uFEFF?(?:#!.*\n)?\s*(?:['"]use strict['"];?)?\s*/, '');
  const quoted = /^(?:\/\*+([\s\S]*?)\*\/|"""([\s\S]*?)"""|'''([\s\S]*?)''')/.exec(text);
  if (quoted !== null) {
    const [, block, double, single] = quoted;
    const comment = block?.replace(/^[ \t]*\*[ \t]?/gm, '') ?? double ?? single ?? '';
    return comment.trim();
  }
  const lines: string[] = [];
  for (const line of text.split('\n')) {
    const comment = /^(?:\/\/|#)[ \t]?(.*)$/.exec(line)?.[1];
    if (comment === undefined) break;
    lines.push(comment);
  }
  return lines.join('\n');
}
