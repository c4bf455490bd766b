import { isSealedValue } from '../original.ts';

/**
 * What no other provider has a place for, in words for the model: JSON as it came, without what only its maker can read and
 * without bytes.
 */

/** In letters, of one piece; more is cut. */
const maxLength = 100_000;
/** So long a text without a space is no text. */
const leastBlob = 512;
const blob = /^[\w+/=\r\n-]+$/;
const dataUrl = /^data:[^,]{0,200};base64,/;
/** What a maker alone can read (`encrypted_content`, `signature` …), and what servers are called with. */
const notTold = /^(?:encrypted_.*|.*signature|fingerprint|authorization|headers)$/i;

/** A value as JSON. */
export function plainJson(value: unknown): string {
  let json: string | undefined;
  try {
    json = JSON.stringify(value, (name, member: unknown) => told(name, member));
  } catch (error) {
    // Of what is nested deeper than can be written, nobody makes anything.
    if (!(error instanceof RangeError)) throw error;
  }
  return cut(json ?? '[left out: it is nested too deep]');
}

/** Whether a text holds bytes. */
export function isBlob(text: string): boolean {
  return dataUrl.test(text) || (text.length >= leastBlob && blob.test(text));
}

export function leftOutBlob(text: string): string {
  return `[left out: ${text.length} characters of base64]`;
}

function told(name: string, member: unknown): unknown {
  if (notTold.test(name) || isSealedValue(member)) return undefined;
  return typeof member === 'string' && isBlob(member) ? leftOutBlob(member) : member;
}

function cut(text: string): string {
  if (text.length <= maxLength) return text;
  const kept = text.slice(0, maxLength).replace(/[\uD800-\uDBFF]$/, '');
  return `${kept} [left out: ${text.length - kept.length} further characters]`;
}
