type Json = Readonly<Record<string, unknown>>;

/** What no request of a tool loop may have: a call without its output, or an output without its call. */
export function findViolations(body: Json | undefined): string[] {
  const input = body?.['input'];
  if (!Array.isArray(input)) return [];
  const ids = (suffix: string): Set<string> =>
    new Set(
      (input as Json[])
        .filter(({ type }) => typeof type === 'string' && type.endsWith(suffix))
        .map(({ call_id: id }) => String(id)),
    );
  const calls = ids('_call');
  const outputs = ids('_call_output');
  return [
    ...[...calls].filter((id) => !outputs.has(id)).map((id) => `the call ${id} has no output`),
    ...[...outputs].filter((id) => !calls.has(id)).map((id) => `the output of ${id} has no call`),
  ];
}
