/** In every question of a server for values. */
export const goesToServer =
  'What you answer goes to this server, and not to the model. No password or key should be asked for here.';

/** In every question of a server to open a page. */
export const staysThere = 'What you do there goes to neither the model nor Codex-Plus.';

const signs = [goesToServer, staysThere];
/** Of all of them, and short enough for the search that goes from one of its rare first letters to the next. */
const beginning = Buffer.from('What y');

/**
 * Its first line: what a server says stands behind blanks. A name has 64 characters and a host 300 at most; without a bound,
 * many beginnings in one line would each be looked at up to its end.
 */
const firstLine =
  /^MCP server "[^\n]{0,80}\(tool [^\n]{0,80}\) (?:asks|wants you to open a page of [^\n]{0,300}):$/gm;

/** Whether a body may hold a question that a server asked its user. */
export function mayHoldQuestion(json: Buffer): boolean {
  return json.includes(beginning) && signs.some((sign) => json.includes(sign));
}

/** What looks like the question of a server at the end of a text, from its first line on; `undefined` where nothing does. */
export function questionIn(text: string): string | undefined {
  if (!signs.some((sign) => text.includes(sign))) return undefined;
  // A question is the last thing that an answer says; before it the model may have shown another one.
  const at = [...text.matchAll(firstLine)].at(-1)?.index;
  return at === undefined ? undefined : text.slice(at);
}
