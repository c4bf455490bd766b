/** What stands behind a text of a server that was cut. */
export function truncated(maxTokens: number): string {
  return `[OUTPUT TRUNCATED - exceeded ${maxTokens} token limit] The rest is missing: ask for less at a time where the server has pages or filters, or tell the user that this is incomplete.`;
}
