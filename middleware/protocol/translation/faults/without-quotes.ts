import { quotations } from './refusal-words.ts';

/** What stands for a quotation where it was. */
const left = '…';

/** An error that its client printed with all of its members, as Python does: its words are no quotation there. */
const printed = /^(?:Error code: \d{3} - )?\{.{0,200}?["']message["']: ?["'](.*)/s;

/** What somebody says of a request without what stands in quotation marks, which may be words of the request. */
export function withoutQuotes(text: string): string {
  const [, said = text] = printed.exec(text) ?? [];
  return said.replace(quotations, left);
}
