/** The seconds in a unit, by its first letters; `ms` before `m`. */
const units: readonly (readonly [RegExp, number])[] = [
  [/^(?:ms|milli)/i, 0.001],
  [/^s/i, 1],
  [/^m/i, 60],
  [/^h/i, 3_600],
  [/^d/i, 86_400],
];

const number = String.raw`\d{1,9}(?:\.\d{1,9})?`;
const one = 'an?|one';
const unit = '(?:ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)(?![a-z])';
const part = `(?:${number} ?|(?:${one}) )${unit}`;
/** `17m12.5s`, `1 hour and 2 minutes`, `a minute`. */
export const duration = `${part}(?:,? ?(?:and )?${part}){0,4}`;
const parts = new RegExp(`(?:(${number}) ?|(?:${one}) )(${unit})`, 'gi');

/**
 * What stands before a time to wait. Sources: OpenAI and Groq ("Please try again in 17m12.5s"), Gemini ("Please retry in 881.2ms",
 * and its `retryDelay`), Azure ("Please retry after 30 seconds", "Try again after"), Anthropic's and others' "Please wait 5 seconds".
 */
const wordings = [
  new RegExp(String.raw`\b(?:try again|retry)(?:ing)? (?:in|after) (?:about )?(${duration})`, 'i'),
  new RegExp(String.raw`\bwait (?:for )?(?:at least )?(${duration})`, 'i'),
  new RegExp(String.raw`retryDelay[\\"': ]{1,9}(${duration})`),
];

/** The seconds that a provider asks to wait for in its words, at least one; `undefined` where it does not say. */
export function secondsToWait(body: string): number | undefined {
  for (const wording of wordings) {
    const [, said] = wording.exec(body) ?? [];
    if (said !== undefined) return Math.max(1, Math.ceil(secondsIn(said)));
  }
  return undefined;
}

function secondsIn(said: string): number {
  const seconds = [...said.matchAll(parts)].map(([, count = '1', name = '']) => {
    const [, each = 0] = units.find(([begin]) => begin.test(name)) ?? [];
    return Number(count) * each;
  });
  // Thousandths added up as binary fractions would be a second more.
  return Number(seconds.reduce((sum, each) => sum + each, 0).toFixed(6));
}
