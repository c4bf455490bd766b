/** A server that the arguments of a command begin with, and what stands behind it. */
interface NamedServer {
  readonly server: string;
  readonly rest: string | undefined;
}

/** Which of the servers the arguments begin with: one may have blanks in its name. Without any, all of them are the name. */
export function namedServer(args: string, servers: Iterable<string>): NamedServer {
  // Of `notes` and `notes of ann` the longer one is meant where it stands there.
  const longestFirst = [...servers].sort((one, other) => other.length - one.length);
  const server = longestFirst.find((one) => `${args} `.startsWith(`${one} `));
  if (server === undefined) return { server: args, rest: undefined };
  const rest = args.slice(server.length).trim();
  return { server, rest: rest === '' ? undefined : rest };
}
