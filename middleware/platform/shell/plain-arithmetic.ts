import { isNumber, type ShellState } from './shell-state.ts';

/** Numbers, operators, names, and expansions that are numbers; anything else may be a text that is evaluated once more. */
const token =
  /0[xX][\da-fA-F]+|\d+(?:#[\w@]+)?|[\s.+\-*/%<>=!&|^~?:(),]|\$[?#]|\$\{#\w+(?:\[[@*]\])?\}|\$?([A-Za-z_]\w*)|\$\{([A-Za-z_]\w*)\}/y;

/**
 * Whether evaluating a text as arithmetic can run nothing. The value of a name in it is evaluated in its turn,
 * subscripts and all, so each has to be known to hold a number.
 */
export function isPlainArithmetic(text: string, state: ShellState): boolean {
  const unquoted = /[$`\\[]/.test(text) ? text : text.replace(/['"]/g, '');
  token.lastIndex = 0;
  while (token.lastIndex < unquoted.length) {
    const match = token.exec(unquoted);
    if (match === null) return false;
    const name = match[1] ?? match[2];
    if (name !== undefined && !isNumber(state, name)) return false;
  }
  return true;
}

/** The same of what stands in the brackets behind a name. */
export function isPlainSubscript(text: string, state: ShellState): boolean {
  return /^["']?[@*]["']?$/.test(text) || isPlainArithmetic(text, state);
}

/** The same of a name with or without a subscript and a value, as builtins are given it. */
export function isPlainName(text: string, state: ShellState): boolean {
  const [, subscript] = /^\w+\[([^]*?)\](?:\+?=|$)/.exec(text) ?? [];
  if (subscript !== undefined) return isPlainSubscript(subscript, state);
  return !/^\w+\[/.test(text);
}

/** The same of an element of an array, which may have its place in front: `[3]=x`. */
export function isPlainElement(text: string, state: ShellState): boolean {
  return !text.startsWith('[') || isPlainName(`a${text}`, state);
}
