import { readLiteral } from './code-literal.ts';
import { tokensOf, type CodeToken } from './code-tokens.ts';

/** A call of a tool in code, its argument written out. */
export interface CodeCall {
  readonly tool: string;
  readonly argument: unknown;
  /** Where the argument stands in the code. */
  readonly start: number;
  readonly end: number;
}

export interface ReadCode {
  readonly calls: readonly CodeCall[];
  /** Whether the code certainly calls no other tool than these. */
  readonly isWhole: boolean;
}

/**
 * Names that reach tools in other ways than `tools.name(…)`, or make code out of text. One of them in the code, and nobody can say
 * what it calls.
 */
const escapes: ReadonlySet<string> = new Set([
  ...[
    'eval',
    'Function',
    'constructor',
    'prototype',
    '__proto__',
    'import',
    'require',
    'arguments',
    'caller',
  ],
  ...[
    'globalThis',
    'global',
    'self',
    'window',
    'this',
    'with',
    'Reflect',
    'Proxy',
    'Object',
    'setTimeout',
    'setInterval',
  ],
]);

/** Reads which tools a piece of JavaScript calls, without running it. */
export function readCode(code: string): ReadCode {
  const tokens = tokensOf(code);
  if (tokens === undefined) return { calls: [], isWhole: false };
  const calls: CodeCall[] = [];
  let isWhole = true;
  for (const [index, token] of tokens.entries()) {
    if (token.kind === 'name' && token.text === 'tools') {
      const call = callAt(tokens, index, code);
      if (call === undefined) isWhole = false;
      else calls.push(call);
    } else if (mayEscape(tokens, index)) {
      isWhole = false;
    }
  }
  return { calls, isWhole };
}

function callAt(tokens: readonly CodeToken[], index: number, code: string): CodeCall | undefined {
  const named = memberAt(tokens, index + 1);
  if (named === undefined || tokens[named.next]?.text !== '(') return undefined;
  const first = named.next + 1;
  const literal = readLiteral(tokens, first);
  const close = literal === undefined ? undefined : tokens[literal.next];
  const start = tokens[first]?.start;
  if (close?.text !== ')' || start === undefined || literal === undefined) return undefined;
  const end = start + code.slice(start, close.start).trimEnd().length;
  return { tool: named.name, argument: literal.value, start, end };
}

/** The member that is named behind a value: `.name` or `['name']`. */
function memberAt(
  tokens: readonly CodeToken[],
  at: number,
): { readonly name: string; readonly next: number } | undefined {
  const [sign, member, close] = tokens.slice(at, at + 3);
  if (member === undefined) return undefined;
  if (sign?.text === '.') return member.kind === 'name' ? { name: member.text, next: at + 2 } : undefined;
  if (sign?.text !== '[' || close?.text !== ']') return undefined;
  const name = readLiteral([member], 0)?.value;
  return typeof name === 'string' ? { name, next: at + 3 } : undefined;
}

function mayEscape(tokens: readonly CodeToken[], index: number): boolean {
  const token = tokens[index];
  if (token?.kind === 'name') return escapes.has(token.text);
  // A member whose name is made up while the code runs may be any.
  return token?.text === '[' && isValue(tokens[index - 1]) && !isPlainIndex(tokens, index);
}

function isValue(before: CodeToken | undefined): boolean {
  if (before === undefined) return false;
  if (before.kind === 'sign') return before.text === ')' || before.text === ']' || before.text === '}';
  return before.kind !== 'name' || !['return', 'of', 'in', 'await', 'case'].includes(before.text);
}

function isPlainIndex(tokens: readonly CodeToken[], index: number): boolean {
  const [member, close] = tokens.slice(index + 1, index + 3);
  if (close?.text !== ']') return false;
  if (member?.kind === 'number') return true;
  const name = member?.kind === 'string' ? readLiteral(tokens, index + 1)?.value : undefined;
  return typeof name === 'string' && !escapes.has(name);
}
