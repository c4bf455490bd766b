import { visibleLine, visibleText } from '../../kernel/visible-text.ts';

const maxSpan = 200;

/** Text of others as code in a line of Markdown: nothing in it is markup, and nothing hides. */
export function codeSpan(text: string, maxLength = maxSpan): string {
  const line = visibleLine(text, maxLength);
  if (!line.includes('`')) return `\`${line === '' ? ' ' : line}\``;
  const fence = '`'.repeat(longestRun(line) + 1);
  return `${fence} ${line} ${fence}`;
}

/** The same as a block. */
export function codeBlock(text: string, language = ''): string {
  return fenced(visibleText(text).trimEnd(), language);
}

/** A block whose text stays as it is, whatever stands in it. */
export function fenced(text: string, language = ''): string {
  const fence = '`'.repeat(Math.max(longestRun(text) + 1, 3));
  return `${fence}${language}\n${text}\n${fence}`;
}

function longestRun(text: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return longest;
}
