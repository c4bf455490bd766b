/** How a text that begins a command call stands in JSON; with the space for clients that write one behind a colon. */
const beginnings = [':"/', ': "/', ':" /', ':":', ':" :', 'codex-plus command'].map((text) =>
  Buffer.from(text),
);

/**
 * Whether a body may hold a command call. A search in the bytes, a fifth of a scan of the JSON: almost no request holds one, and
 * those are not looked at further.
 */
export function mayCallCommand(json: Buffer): boolean {
  return beginnings.some((beginning) => json.includes(beginning));
}
