import type { ConfigSource, Scope } from '../../kernel/config-source.ts';

/** `local` as well: the user's own by its meaning, but nothing keeps a repository from bringing such a file along. */
const scopesOfOthers: ReadonlySet<Scope> = new Set(['project', 'local']);

/**
 * Whether what a source defines has to be allowed before it runs. Only what lies in a project comes from others: the user,
 * the command line and the administrator need not ask themselves.
 */
export function needsTrust({ scope }: Pick<ConfigSource, 'scope'>): boolean {
  return scopesOfOthers.has(scope);
}
