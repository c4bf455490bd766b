import { parseJson } from '../../kernel/json-object.ts';

/**
 * JSON as open models write it: with raw line ends in its texts, and with escapes that JSON does not know (`\d`), which
 * then mean their own letters. `undefined` for what is none all the same.
 */
export function parseLenientJson(text: string): unknown {
  return parseJson(text) ?? parseJson(asStrict(text));
}

const signs = /\\(?:u[\da-f]{4}|["\\/bfnrt])|\\|\p{Cc}|"/giu;

function asStrict(text: string): string {
  let isInText = false;
  return text.replace(signs, (sign) => {
    if (sign === '"') isInText = !isInText;
    if (!isInText || sign === '"') return sign;
    if (sign === '\\') return '\\\\';
    return sign.length === 1 ? JSON.stringify(sign).slice(1, -1) : sign;
  });
}

const depths: Readonly<Record<string, number>> = { '{': 1, '[': 1, '}': -1, ']': -1 };

/** Whether it begins as JSON and ends in the midst of it. */
export function isUnfinishedJson(text: string): boolean {
  if (!/^\s*["[{]/.test(text)) return false;
  let isInText = false;
  let depth = 0;
  for (const [sign] of text.matchAll(/\\[^]|["[\]{}]/g)) {
    if (sign === '"') isInText = !isInText;
    else if (!isInText) depth += depths[sign] ?? 0;
  }
  return isInText || depth > 0;
}
