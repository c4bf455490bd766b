/** A piece of JavaScript. A template with expressions in it comes as `text` pieces with the tokens of the expressions between. */
export interface CodeToken {
  readonly kind: 'name' | 'number' | 'string' | 'template' | 'text' | 'pattern' | 'sign';
  readonly text: string;
  readonly start: number;
}

const space = /(?:\s|\/\/[^\n\r\u2028\u2029]*|\/\*[^]*?\*\/)+/y;
const name = /[A-Za-z_$][\w$]*/y;
const number = /\d[\w.]*/y;
const string = /'(?:[^'\\\n\r]|\\[^])*'|"(?:[^"\\\n\r]|\\[^])*"/y;
const plainTemplate = /`(?:[^`\\$]|\\[^]|\$(?!\{))*`/y;
const templateHead = /`(?:[^`\\$]|\\[^]|\$(?!\{))*\$\{/y;
const templateRest = /\}(?:[^`\\$]|\\[^]|\$(?!\{))*(?:`|\$\{)/y;
const pattern = /\/(?:[^/\\[\n\r]|\\.|\[(?:[^\]\\\n\r]|\\.)*\])+\/\w*/y;
const sign = /=>|[-+*%&|^<>=!?~,.;:(){}[\]/]/y;

/** The tokens of a piece of JavaScript; `undefined` where a character stands that none of them begins with. */
export function tokensOf(code: string): readonly CodeToken[] | undefined {
  const tokens: CodeToken[] = [];
  /** For every template that is open, how deep the braces of its expression are. */
  const depths: number[] = [];
  let at = 0;
  while (at < code.length) {
    at += match(space, code, at)?.length ?? 0;
    if (at >= code.length) break;
    const token = depths.at(-1) === 0 && code[at] === '}' ? rest(code, at) : next(code, at, tokens.at(-1));
    if (token === undefined) return undefined;
    track(token, depths);
    tokens.push(token);
    at += token.text.length;
  }
  return tokens;
}

function next(code: string, start: number, before: CodeToken | undefined): CodeToken | undefined {
  const kinds = [
    ['name', name],
    ['number', number],
    ['string', string],
    ['template', plainTemplate],
    ['text', templateHead],
    ...(mayBePattern(before) ? ([['pattern', pattern]] as const) : []),
    ['sign', sign],
  ] as const;
  for (const [kind, expression] of kinds) {
    const text = match(expression, code, start);
    if (text !== undefined) return { kind, text, start };
  }
  return undefined;
}

function rest(code: string, start: number): CodeToken | undefined {
  const text = match(templateRest, code, start);
  return text === undefined ? undefined : { kind: 'text', text, start };
}

/** A slash behind a value divides; behind most signs it begins a pattern. */
function mayBePattern(before: CodeToken | undefined): boolean {
  if (before === undefined) return true;
  if (before.kind === 'name') return ['return', 'of', 'in', 'typeof', 'case'].includes(before.text);
  return before.kind === 'sign' && !['/', ')', ']', '}'].includes(before.text);
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
