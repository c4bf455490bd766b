import { readWord } from './bash-word.ts';
import { endOfGroup } from './end-of-group.ts';

/**
 * The arguments of a command: the words of the first simple command that a bash parser finds in the text, quotes and
 * backslashes removed, nothing expanded. What follows a control operator, a redirection, a line break or a comment is no
 * argument, nor is what would be expanded; a word that a command would print ends them. A quote that is not closed makes
 * one word of all that follows. Text without any command is split on white space.
 */
export function splitArguments(text: string): readonly string[] {
  const trimmed = text.trim();
  if (trimmed === '') return [];
  const start = commandStart(trimmed);
  const words = start === undefined ? [] : wordsFrom(trimmed, start);
  return words.length === 0 ? trimmed.split(/\s+/) : words;
}

/** Words that open or close a compound command where a command may begin. */
const reserved = new Set(
  '! { } if then elif else fi while until do done for select case esac function'.split(' '),
);
/** Those of them that are followed by a name. */
const naming = new Set('for select case function'.split(' '));

type Closing = ']' | ']]';

/** Where the first simple command's name stands; `undefined` where there is none. */
function commandStart(text: string): number | undefined {
  // Looked for once: asking at each bracket would be quadratic.
  const last = { ']': text.lastIndexOf(']'), ']]': text.lastIndexOf(']]') };
  let at = 0;
  while ((at = skipSpace(text, at, /\s/)) < text.length) {
    const rest = text[at] === '[' ? endOfTest(text, at, last) : startToken(text, at);
    if (rest === 'word') return at;
    at = rest;
  }
  return undefined;
}

/** After `[ … ]` or `[[ … ]]`; an open bracket is passed over. */
function endOfTest(text: string, at: number, last: Readonly<Record<Closing, number>>): number {
  const closing = text[at + 1] === '[' ? ']]' : ']';
  return at < last[closing] ? text.indexOf(closing, at) + closing.length : at + 1;
}

/** Where to look on, if what stands here is no command's name. */
function startToken(text: string, at: number): number | 'word' {
  const redirection = /\d*[<>]+[&|]?\s*/y;
  redirection.lastIndex = at;
  if (redirection.test(text) && !/[<>]\(/.test(text.slice(at, at + 2))) {
    return endOfWord(text, redirection.lastIndex);
  }
  const character = text[at] ?? '';
  if (character === '#') return endOfLine(text, at);
  // Backticks at the start of a command are passed over, and so are brackets and operators that nothing precedes.
  if (/[`();|&\\]/.test(character) && !isEscape(text, at)) return at + 1;
  const end = endOfWord(text, at);
  const raw = text.slice(at, end);
  if (reserved.has(raw)) return naming.has(raw) ? endOfNamed(text, end) : end;
  return /^[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=/.test(raw) ? endOfValues(text, end) : 'word';
}

/** After the values of an array, where an assignment has some. */
function endOfValues(text: string, at: number): number {
  const isArray = text[at] === '(' && text[at - 1] === '=';
  return isArray ? (endOfGroup(text, at, '()') ?? text.length) : at;
}

/** A backslash with something behind it. */
function isEscape(text: string, at: number): boolean {
  return text[at] === '\\' && at + 1 < text.length;
}

/** After `for x`, and after `in a b c` where that follows. */
function endOfNamed(text: string, at: number): number {
  const end = endOfWord(text, skipSpace(text, at, /[ \t]/));
  const next = skipSpace(text, end, /\s/);
  if (!/^in(?:\s|$)/.test(text.slice(next, next + 3))) return end;
  const list = /[^;\n]*/y;
  list.lastIndex = next;
  list.test(text);
  return list.lastIndex;
}

/** The words of the simple command that begins here. */
function wordsFrom(text: string, start: number): readonly string[] {
  const words: string[] = [];
  let at = start;
  while (at < text.length) {
    at = skipSpace(text, at, /[ \t]/);
    if (text[at] === '(') {
      // No command has a group among its words: what stands in it is passed over.
      const close = endOfGroup(text, at, '()');
      if (close === undefined) break;
      at = close;
    } else if (isEnd(text, at)) {
      break;
    } else {
      const word = readWord(text, at);
      if (word.kind === 'broken') break;
      const isName = words.length === 0;
      if (word.kind === 'substitution' && !isName) break;
      at = word.end;
      const isArgument = word.kind === 'text' && !isDropped(word.raw, text[at]);
      if (isName || isArgument) words.push(word.value);
    }
  }
  return words;
}

/** At a line break, an operator, a redirection or a comment. */
function isEnd(text: string, at: number): boolean {
  const character = text[at] ?? '\n';
  if (/[<>]/.test(character)) return text[at + 1] !== '(';
  return /[\s;|&)#]/.test(character) || (character === '\\' && !isEscape(text, at));
}

/**
 * The signs `$`, `=`, `==` and `=~` by themselves and a range such as `{1..3}` are not passed on, and digits before
 * `>` or `<` belong to the redirection.
 */
function isDropped(raw: string, next: string | undefined): boolean {
  if (/^(?:\$|==?|=~|\{\d+\.\.\d+\})$/.test(raw)) return true;
  return /^\d+$/.test(raw) && (next === '<' || next === '>');
}

function endOfWord(text: string, at: number): number {
  const word = readWord(text, at);
  // Of a broken word only its first character is passed over, so that the search goes on behind it.
  return word.kind === 'broken' ? at + 1 : Math.max(word.end, Math.min(at + 1, text.length));
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

/** A backslash before a line break is white space too. */
function skipSpace(text: string, from: number, space: RegExp): number {
  let at = from;
  for (;;) {
    if (text[at] === '\\' && text[at + 1] === '\n') at += 2;
    else if (at < text.length && space.test(text[at] ?? '')) at += 1;
    else return at;
  }
}
