/**
 * A piece of JavaScript. A template with expressions in it comes as `text` pieces with the tokens of the
 * expressions between.
 */
export interface CodeToken {
  readonly kind: 'name' | 'number' | 'string' | 'template' | 'text' | 'pattern' | 'sign';
  readonly text: string;
  readonly start: number;
}

const space = /(?:\s|\/\/[^\n\r\u2028\u2029]*|\/\*[^]*?\*\/)+/y;
const name = /[A-Za-z_$][\w$]*/y;
/** Nothing of a member behind it: `0..constructor` is one. */
const number = /0[box][\da-f_]+n?|\d[\d_]*(?:\.[\d_]*)?(?:e[-+]?[\d_]+)?n?/iy;
const string = /'(?:[^'\\\n\r]|\\[^])*'|"(?:[^"\\\n\r]|\\[^])*"/y;
const plainTemplate = /`(?:[^`\\$]|\\[^]|\$(?!\{))*`/y;
const templateHead = /`(?:[^`\\$]|\\[^]|\$(?!\{))*\$\{/y;
const templateRest = /\}(?:[^`\\$]|\\[^]|\$(?!\{))*(?:`|\$\{)/y;
const pattern = /\/(?:[^/\\[\n\r]|\\.|\[(?:[^\]\\\n\r]|\\.)*\])+\/\w*/y;
const sign = /=>|[-+*%&|^<>=!?~,.;:(){}[\]/]/y;

/**
 * The tokens of a piece of JavaScript; `undefined` where a character stands that none of them begins with, or one
 * that may begin two.
 */
export function tokensOf(code: string): readonly CodeToken[] | undefined {
  const tokens: CodeToken[] = [];
  /** For every template that is open, how deep the braces of its expression are. */
  const depths: number[] = [];
  let at = 0;
  while (at < code.length) {
    at += match(space, code, at)?.length ?? 0;
    if (at >= code.length) break;
    const token = depths.at(-1) === 0 && code[at] === '}' ? rest(code, at) : next(code, at, tokens);
    if (token === undefined) return undefined;
    track(token, depths);
    tokens.push(token);
    at += token.text.length;
  }
  return tokens;
}

function next(code: string, start: number, before: readonly CodeToken[]): CodeToken | undefined {
  if (code[start] === '/') return slash(code, start, before);
  // To scripts, though not to modules, these begin a comment.
  if (code.startsWith('<!--', start) || code.startsWith('-->', start)) return undefined;
  const kinds = [
    ['name', name],
    ['number', number],
    ['string', string],
    ['template', plainTemplate],
    ['text', templateHead],
    ['sign', sign],
  ] as const;
  for (const [kind, expression] of kinds) {
    const text = match(expression, code, start);
    if (text !== undefined) return { kind, text, start };
  }
  return undefined;
}

/** A slash behind a value divides, elsewhere it begins a pattern. Where only a parser could tell, it must not matter. */
function slash(code: string, start: number, before: readonly CodeToken[]): CodeToken | undefined {
  const place = placeBehind(code, start, before);
  const text = place === 'value' ? undefined : match(pattern, code, start);
  if (place === 'start') return text === undefined ? undefined : { kind: 'pattern', text, start };
  return text === undefined ? { kind: 'sign', text: '/', start } : undefined;
}

function rest(code: string, start: number): CodeToken | undefined {
  const text = match(templateRest, code, start);
  return text === undefined ? undefined : { kind: 'text', text, start };
}

/** Words behind which an expression begins. */
const openers: ReadonlySet<string> = new Set(
  'return in typeof case void delete throw new else do instanceof extends default'.split(' '),
);

/** Words that are names, or end a statement, in some places. */
const doubtful: ReadonlySet<string> = new Set(['of', 'await', 'yield', 'break', 'continue', 'debugger']);

/** Whether what stands at `start` follows a value, or begins one. */
function placeBehind(
  code: string,
  start: number,
  tokens: readonly CodeToken[],
): 'value' | 'start' | 'unknown' {
  const [earlier, last] = [tokens.at(-2), tokens.at(-1)];
  if (last?.kind === 'sign' && last.text !== ']') return placeBehindSign(last, earlier);
  if (last === undefined || opensExpression(last, tokens)) return 'start';
  const { kind, text } = last;
  // A line may end a statement.
  const isNextLine = /[\n\r\u2028\u2029]/.test(code.slice(last.start + text.length, start));
  return isNextLine || (kind === 'name' && doubtful.has(text)) ? 'unknown' : 'value';
}

function opensExpression({ kind, text }: CodeToken, tokens: readonly CodeToken[]): boolean {
  if (kind === 'text') return !text.endsWith('`');
  const isMember = tokens.at(-2)?.text === '.' && tokens.at(-3)?.text !== '.';
  return kind === 'name' && !isMember && openers.has(text);
}

function placeBehindSign({ text }: CodeToken, earlier: CodeToken | undefined): 'start' | 'unknown' {
  const isCounting = (text === '+' || text === '-') && earlier?.text === text;
  return isCounting || text === ')' || text === '}' ? 'unknown' : 'start';
}

function track({ kind, text }: CodeToken, depths: number[]): void {
  if (kind === 'text') {
    if (text.startsWith('`')) depths.push(0);
    else if (text.endsWith('`')) depths.pop();
    return;
  }
  const last = depths.length - 1;
  const depth = depths[last];
  if (kind !== 'sign' || depth === undefined) return;
  if (text === '{') depths[last] = depth + 1;
  if (text === '}') depths[last] = depth - 1;
}

function match(expression: RegExp, code: string, at: number): string | undefined {
  expression.lastIndex = at;
  return expression.exec(code)?.[0];
}
