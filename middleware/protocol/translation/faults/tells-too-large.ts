import type { ToldError } from './tells-context-length.ts';
import { withoutQuotes } from './without-quotes.ts';

/** The words in which providers say so under the status of a request that is wrong; LiteLLM makes a 400 of a 413. */
const wordings = [
  // Anthropic
  /^Request exceeds the maximum size/i,
  // Gemini
  /^Request payload size exceeds the limit/i,
  // Servers of models, and proxies in front of them
  /^(?:request entity|request body|payload|content) too large\b/i,
  /^Maximum request body size \d/i,
];
const typeInJson = /(?<!\\)"type": ?"request_too_large"/;

/** Whether an error says that a request has more bytes than its provider takes; the model's context is another matter. */
export function tellsTooLarge(status: number, { names, said, message }: ToldError): boolean {
  if (status === 413 || names.includes('request_too_large')) return true;
  if (status !== 400) return false;
  return typeInJson.test(said) || wordings.some((wording) => wording.test(withoutQuotes(message)));
}
