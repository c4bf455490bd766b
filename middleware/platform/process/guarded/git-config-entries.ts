/**
 * One setting of git, by its whole name; sections and keys are in lower case, the subsection between them is as it
 * stands.
 */
export interface GitConfigEntry {
  readonly name: string;
  readonly value: string;
}

const skipped = /(?:\s|[#;][^\n]*)+/y;
const header = /\[\s*([a-z0-9.-]+)(?:\s*"((?:\\.|[^"\\\n])*)")?\s*\]/iy;
const key = /([a-z][a-z0-9-]*)[ \t]*(=)?/iy;
const valuePart = /\\\r?\n|\\(.)|"|[#;]|\r?\n|[^\S\r\n]+|[^\s\\"#;]+|[\s\S]/y;
const lineEnd = /^\r?\n$/;
const comment = /^[#;]$/;
const blank = /^[^\S\n]+$/;
const continued = /^\\(?:\r?\n)?$/;
const restOfLine = /[^\n]*\n?/y;
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', b: '\b' };

/** The settings of a file in git's own syntax (git-config(1), "Syntax"). A line that git would refuse is passed over. */
export function gitConfigEntries(text: string): readonly GitConfigEntry[] {
  const entries: GitConfigEntry[] = [];
  let section = '';
  let at = text.startsWith('\u00ef\u00bb\u00bf') ? 3 : 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };
  while (at < text.length) {
    if (take(skipped) !== null) continue;
    const [opened, outer = '', inner] = take(header) ?? [];
    if (opened !== undefined) {
      section = outer.toLowerCase() + (inner === undefined ? '' : `.${inner.replace(/\\(.)/g, '$1')}`);
      continue;
    }
    const [, name, equals] = take(key) ?? [];
    if (name === undefined || equals === undefined) take(restOfLine);
    else entries.push({ name: `${section}.${name.toLowerCase()}`, value: takeValue(take) });
  }
  return entries;
}

/** Up to the end of the line, or of one that goes on behind a backslash. */
function takeValue(take: (pattern: RegExp) => RegExpExecArray | null): string {
  let value = '';
  /** Blanks count where something stands before and behind them. */
  let blanks = '';
  let isQuoted = false;
  for (let part = take(valuePart); part !== null; part = take(valuePart)) {
    const [text, escaped] = part;
    if (lineEnd.test(text)) break;
    if (!isQuoted && comment.test(text)) {
      take(restOfLine);
      break;
    }
    if (text === '"') isQuoted = !isQuoted;
    else if (!isQuoted && blank.test(text)) blanks += value === '' ? '' : text;
    else if (!continued.test(text)) {
      value += blanks + (escaped === undefined ? text : (escapes[escaped] ?? escaped));
      blanks = '';
    }
  }
  return value;
}
