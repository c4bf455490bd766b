/** What stands before the address of a resource that several servers have. */
const scheme = 'codex-plus:';

/** An address that says of which server the resource is. */
export function qualifiedUri(server: string, uri: string): string {
  return `${scheme}${encodeURIComponent(server)}:${uri}`;
}

/** The server that an address names, and the address there; `undefined` for one that names none of them. */
export function findQualified(
  qualified: string,
  servers: Iterable<string>,
): { readonly server: string; readonly uri: string } | undefined {
  if (!qualified.startsWith(scheme)) return undefined;
  for (const server of servers) {
    const start = qualifiedUri(server, '');
    if (qualified.startsWith(start)) return { server, uri: qualified.slice(start.length) };
  }
  return undefined;
}
