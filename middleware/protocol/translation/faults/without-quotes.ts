/** What stands for a quotation where it was. */
const left = '…';

/**
 * Quotations, with what is escaped in them; one that is not closed goes to the end, as where somebody cut it. An apostrophe within a
 * word begins and ends none.
 */
const quotations =
  /"(?:\\(?:.|$)|[^"\\])*(?:"|$)|`[^`]*(?:`|$)|“[^”]*(?:”|$)|«[^»]*(?:»|$)|(?<!\w)'(?:\\(?:.|$)|[^'\\]|'(?=\w))*(?:'|$)/gs;

/** An error that its client printed with all of its members, as Python does: its words are no quotation there. */
const printed = /^(?:Error code: \d{3} - )?\{.{0,200}?["']message["']: ?["'](.*)/s;

/** What somebody says of a request without what stands in quotation marks, which may be words of the request. */
export function withoutQuotes(text: string): string {
  const [, said = text] = printed.exec(text) ?? [];
  return said.replace(quotations, left);
}
