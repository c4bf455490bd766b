import { isJsonObject } from '../../kernel/json-object.ts';

/**
 * Numbers of which JavaScript would write another text (`12345678901234567890`, `1.0`) stand as what writes theirs. Source: ECMAScript,
 * "JSON.parse source text access", which Node has had since version 21 and TypeScript does not know yet.
 */
interface ExactJson {
  readonly parse: (
    text: string,
    revive: (key: string, value: unknown, at: { readonly source?: string }) => unknown,
  ) => unknown;
  readonly rawJSON: (source: string) => object;
  readonly isRawJSON: (value: unknown) => value is { readonly rawJSON: string };
}

const json = JSON as unknown as ExactJson;

/** Where the input of a call may stand as an object. */
const inputs: ReadonlySet<string> = new Set(['input', 'arguments', 'action']);
const holdsInput = /"(?:input|arguments|action)"\s*:\s*\{/;
/** A number that may be written otherwise; in a text such letters cost time and change nothing. */
const inexact = /[:,[]\s*-?(?:\d{16}|\d+\.\d|\d+e|0\s*[\]},])/i;

/** JSON as `JSON.parse` reads it, but for the numbers within inputs of calls, which are written again as they came. */
export function parseWithExactInputs(text: string): unknown {
  if (!holdsInput.test(text) || !inexact.test(text)) return JSON.parse(text);
  const value = parseExact(text);
  restoreNumbers(value);
  return value;
}

/** JSON whose numbers are written again as they came. Throws for what is none. */
export function parseExact(text: string): unknown {
  if (!inexact.test(text)) return JSON.parse(text);
  return json.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source
      ? json.rawJSON(source)
      : value,
  );
}

/** Whatever is no input of a call is read here, as numbers. */
function restoreNumbers(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  const holder = value as Record<string, unknown>;
  for (const [key, member] of Object.entries(holder)) {
    if (json.isRawJSON(member)) holder[key] = Number(member.rawJSON);
    else if (!inputs.has(key) || !isJsonObject(member)) restoreNumbers(member);
  }
}
