/** More words than this from one pair of braces are not written out. */
const maxWords = 64;
/** Braces deeper than this are not written out: each round reads the whole rest anew. */
const maxDepth = 16;

/**
 * The texts that `{a,b}` or `{1..3}` stands for, in order, with their quotes; `undefined` for what has commands in it or
 * has too many. Braces inside stay for the next round.
 */
export function expandBraces(text: string): readonly string[] | undefined {
  const inner = text.slice(1, -1);
  return rangeOf(inner) ?? choicesOf(inner);
}

function rangeOf(inner: string): readonly string[] | undefined {
  const numbers = /^(-?\d{1,6})\.\.(-?\d{1,6})(?:\.\.(-?\d{1,6}))?$/.exec(inner);
  if (numbers !== null) return steps(Number(numbers[1]), Number(numbers[2]), numbers[3])?.map(String);
  const letters = /^([A-Za-z])\.\.([A-Za-z])$/.exec(inner);
  if (letters === null) return undefined;
  return steps(codeOf(letters[1]), codeOf(letters[2]), undefined)?.map((code) => String.fromCharCode(code));
}

function codeOf(letter: string | undefined): number {
  return letter?.charCodeAt(0) ?? 0;
}

function steps(from: number, to: number, step: string | undefined): readonly number[] | undefined {
  const size = Math.abs(Number(step ?? 1)) || 1;
  const count = Math.floor(Math.abs(to - from) / size) + 1;
  if (count > maxWords) return undefined;
  return Array.from({ length: count }, (_, index) => from + Math.sign(to - from) * size * index);
}

function choicesOf(inner: string): readonly string[] | undefined {
  if (/`|[$<>]\(|\$'/.test(inner)) return undefined;
  const choices: string[] = [''];
  let depth = 0;
  // A quoted or escaped stretch is one piece, so that no comma or brace in it counts.
  for (const [piece] of inner.matchAll(/\\[^]|'[^']*'|"(?:\\[^]|[^"\\])*"|[^]/g)) {
    if (piece === '{') depth += 1;
    if (piece === '}') depth -= 1;
    if (depth > maxDepth) return undefined;
    if (piece === ',' && depth === 0) choices.push('');
    else choices.push((choices.pop() ?? '') + piece);
  }
  return choices.length > 1 && choices.length <= maxWords ? choices : undefined;
}
