import { readLiteral } from './code-literal.ts';
import { tokensOf, type CodeToken } from './code-tokens.ts';

/** A call of a tool in code, its argument written out. */
export interface CallExpression {
  readonly tool: string;
  readonly argument: unknown;
  /** Where the argument stands in the code. */
  readonly start: number;
  readonly end: number;
}

export interface ReadCode {
  readonly calls: readonly CallExpression[];
  readonly unread: UnreadTools;
}

/** The tools that code may call beside the calls that can be read: with arguments that nobody knows, or any at all. */
export type UnreadTools = readonly string[] | 'any';

/**
 * Names that reach tools in other ways than `tools.name(…)`, or make code out of text. One of them in the code, and
 * nobody can say what it calls.
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
  if (tokens === undefined) return { calls: [], unread: 'any' };
  const calls: CallExpression[] = [];
  const unread = new Set<string>();
  let mayBeAny = false;
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'name' || token.text !== 'tools') {
      mayBeAny ||= mayEscape(tokens, index);
      continue;
    }
    const named = memberAt(tokens, index + 1);
    if (named === undefined || escapes.has(named.name)) {
      mayBeAny = true;
      continue;
    }
    const call = callAt(tokens, named, code);
    if (call === undefined) unread.add(named.name);
    else calls.push(call);
  }
  return { calls, unread: mayBeAny ? 'any' : [...unread] };
}

/** A member of a value, and the index of the token behind it. */
interface Member {
  readonly name: string;
  readonly next: number;
}

function callAt(tokens: readonly CodeToken[], named: Member, code: string): CallExpression | undefined {
  if (tokens[named.next]?.text !== '(') return undefined;
  const first = named.next + 1;
  const literal = readLiteral(tokens, first);
  const close = literal === undefined ? undefined : tokens[literal.next];
  const start = tokens[first]?.start;
  if (close?.text !== ')' || start === undefined || literal === undefined) return undefined;
  const end = start + code.slice(start, close.start).trimEnd().length;
  return { tool: named.name, argument: literal.value, start, end };
}

/** The member that is named behind a value: `.name` or `['name']`. */
function memberAt(tokens: readonly CodeToken[], at: number): Member | undefined {
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
  // `{ 'constructor': name } = value` takes it out.
  if (token?.kind === 'string') return tokens[index + 1]?.text === ':' && escapes.has(textAt(tokens, index));
  // A member whose name is made up while the code runs may be any.
  return token?.text === '[' && mayHoldName(tokens, index) && !isPlainIndex(tokens, index);
}

/** Whether a bracket holds the name of a member, and not a list. */
function mayHoldName(tokens: readonly CodeToken[], index: number): boolean {
  const before = tokens[index - 1];
  if (before?.text === '{' || before?.text === ',') return isKeyAt(tokens, index);
  if (before === undefined) return false;
  if (before.kind === 'sign') return [')', ']', '}', '.'].includes(before.text);
  if (before.text === 'of') return !isLoopAt(tokens, index - 1);
  return before.kind !== 'name' || !['return', 'in', 'case'].includes(before.text);
}

/** Whether the brackets that open there are the key of a member: `{ [key]: value }`. */
function isKeyAt(tokens: readonly CodeToken[], index: number): boolean {
  const close = closersOf(tokens).get(index);
  return close === undefined || [':', '('].includes(tokens[close + 1]?.text ?? '');
}

const closers = new WeakMap<readonly CodeToken[], ReadonlyMap<number, number>>();

/** Where each square bracket closes; found once for all, as lists may be nested as deep as the code is long. */
function closersOf(tokens: readonly CodeToken[]): ReadonlyMap<number, number> {
  const known = closers.get(tokens);
  if (known !== undefined) return known;
  const found = new Map<number, number>();
  const open: number[] = [];
  for (const [at, { kind, text }] of tokens.entries()) {
    if (kind !== 'sign') continue;
    if (text === '[') open.push(at);
    const opened = text === ']' ? open.pop() : undefined;
    if (opened !== undefined) found.set(opened, at);
  }
  closers.set(tokens, found);
  return found;
}

/** Whether an `of` is that of a loop, `for (const name of`; elsewhere it may be a name. */
function isLoopAt(tokens: readonly CodeToken[], index: number): boolean {
  const [paren, word, name] = tokens.slice(Math.max(index - 3, 0), index);
  return paren?.text === '(' && ['const', 'let', 'var'].includes(word?.text ?? '') && name?.kind === 'name';
}

function textAt(tokens: readonly CodeToken[], index: number): string {
  return String(readLiteral(tokens, index)?.value);
}

function isPlainIndex(tokens: readonly CodeToken[], index: number): boolean {
  const [member, close] = tokens.slice(index + 1, index + 3);
  if (close?.text !== ']') return false;
  if (member?.kind === 'number') return true;
  const name = member?.kind === 'string' ? readLiteral(tokens, index + 1)?.value : undefined;
  return typeof name === 'string' && !escapes.has(name);
}
