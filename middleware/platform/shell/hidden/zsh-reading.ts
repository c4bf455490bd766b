import type { Redirect, Word, WordPart } from 'unbash';
import type { HiddenCode } from '../shell-command.ts';

/**
 * Whether zsh makes something else than bash of a word or a redirection that both accept: `=rm` is a program's
 * path, `$a[1,2]` a part of a value, `$=a` one that is split, `*(e:…:)` runs code for each file, `>! f` writes f.
 */
export function zshReading(node: Word | Redirect): HiddenCode | undefined {
  if (node.type === 'Redirect') return node.target?.text.startsWith('!') === true ? 'other-shell' : undefined;
  const { text, parts = [] } = node;
  const isOther = /^=[^=\s]/.test(text) || (parts.length === 0 ? hasFlag(text) : isOtherIn(parts));
  return isOther ? 'other-shell' : undefined;
}

function isOtherIn(parts: readonly WordPart[]): boolean {
  return parts.some((part, index) => {
    if (part.type === 'DoubleQuoted' || part.type === 'LocaleString') return isOtherIn(part.parts);
    if (part.type === 'ExtendedGlob') return true;
    if (part.type === 'Literal') return hasFlag(part.text);
    return part.type === 'SimpleExpansion' && isChosen(parts[index + 1]);
  });
}

/** Behind a variable, a subscript or a modifier such as `:h` chooses a part of its value. */
function isChosen(next: WordPart | undefined): boolean {
  return (next?.type === 'Glob' || next?.type === 'Literal') && /^(?:\[|:[A-Za-z&])/.test(next.text);
}

/** `$=a`, `$~a`, `$^a`: a dollar that bash takes for itself. */
function hasFlag(text: string): boolean {
  return /\$[=~^+:]/.test(text.replace(/\\[^]/g, ''));
}
