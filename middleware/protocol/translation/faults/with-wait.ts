import { CodexPlusError } from '../../../kernel/errors.ts';
import { duration } from './seconds-to-wait.ts';

/** A time to wait as Codex can read it: it knows no minutes, and no other words before it. */
const readable = /try again in\s{0,9}\d{1,9}(?:\.\d{1,9})?\s{0,9}(?:s|ms|seconds?)\b/i;

const vague =
  '(?:an?|some|several) (?:(?:few|couple of|short|little|brief) )?(?:seconds|minutes|hours|moments?|while|time|delay|wait|break|bit)|shortly|later|soon';
const time = String.raw`(?:about |around |approximately |at least |~ ?)?(?:${duration}|(?:${vague})(?!\w))`;
const request = '(?: (?:it|(?:the|this|your) requests?))?';
/** What follows a time that is to be waited, of what is to be done then. */
const afterwards = String.raw`(?: before [^.!?\n]{1,80}|,? and(?: then)? (?:try${request} again|retry${request})(?!\w))?`;

/** Other words that ask to wait: with a number, or for a while. */
const unreadable = new RegExp(
  String.raw`\b(?:(?:try${request} again|retry${request}) (?:(?:in|after|for) )?${time}|wait (?:for )?${time}${afterwards})`,
  'i',
);

/**
 * The words of an error in an answer that has begun, with the time to wait, for which no header is left. Codex reads it out of the words;
 * the other clients try such an answer again by their own clock or not at all, and show it. What the provider's words say of a time is
 * kept where Codex can read it; else the time stands in its place.
 */
export function withWait(message: string, retryAfterSeconds: number | undefined): string {
  if (retryAfterSeconds === undefined || readable.test(message)) return message;
  const inWords = `ry again in ${retryAfterSeconds}s`;
  const told = message.replace(unreadable, (said) => (/^[A-Z]/.test(said) ? 'T' : 't') + inWords);
  return told === message ? `${asSentence(message)} Please t${inWords}.` : told;
}

function asSentence(message: string): string {
  const said = message.trimEnd();
  return /[.!?…:)]$/.test(said) ? said : `${said}.`;
}

/** An error as the answer says it that it ends. */
export function toldInStream(error: CodexPlusError): CodexPlusError {
  const { code, message, retryAfterSeconds, names, cause } = error;
  const told = withWait(message, retryAfterSeconds);
  return told === message ? error : new CodexPlusError(code, told, { cause, ...(names && { names }) });
}
