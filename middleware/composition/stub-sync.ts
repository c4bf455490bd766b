import type { ServerPrompts } from '../features/commands/stubs/prompt-stubs.ts';
import { syncStubs } from '../features/commands/stubs/sync-stubs.ts';
import { BoundedMap } from '../kernel/bounds/bounded-map.ts';
import { isServerKept } from '../features/mcp/contents/server-kept.ts';
import type { McpServers } from '../features/mcp/mcp-servers.ts';
import { needsTrust } from '../features/trust/needs-trust.ts';
import type { ProjectSnapshot } from '../platform/config/scopes/project-snapshot.ts';
import type { ComposeOptions } from './compose-options.ts';

/** A look at the commands of a project costs milliseconds; a new one can wait this long for its `$name`. */
const everyMs = 10_000;
const maxWorkspaces = 1_000;
/** How old may be what is known of the prompts of a server that does not tell of changes. */
const maxAgeMs = 60_000;

type KnownServers = Pick<McpServers, 'usable' | 'stateOf' | 'refresh'>;

/** Hears of every project that is in use, and keeps what Codex's interface offers as `$name` in step with its commands. */
export function createStubSync(
  { homeDir, env, log, now: clock }: Pick<ComposeOptions, 'homeDir' | 'env' | 'log' | 'now'>,
  servers: () => KnownServers,
): (project: ProjectSnapshot) => void {
  const seen = new BoundedMap<string, number>(maxWorkspaces);
  let running = Promise.resolve();
  return (project) => {
    const { workspace } = project;
    const now = clock();
    if (now - (seen.get(workspace) ?? -everyMs) < everyMs) return;
    seen.set(workspace, now);
    // One after the other: they write the same record.
    running = running
      .then(() => promptsIn(project, servers()))
      .then((known) => syncStubs({ home: homeDir, env, workspace, servers: known }))
      .catch((error: unknown) => {
        log.warn('the skills for commands could not be kept in step', { error });
      });
  };
}

/** What is known of the prompts of a project's servers; none is started for it. */
async function promptsIn(
  project: ProjectSnapshot,
  { usable, stateOf, refresh }: KnownServers,
): Promise<readonly ServerPrompts[]> {
  // What was allowed in one conversation alone is not for all.
  const names = new Set(await usable({ project, conversation: 'none' }));
  // What comes of it is there for the next look.
  for (const server of names) void refresh(server, project, maxAgeMs);
  return [...project.mcpServers].map(([server, { source }]) => ({
    server,
    project: needsTrust(source) ? project.workspace : undefined,
    prompts: names.has(server) && !isServerKept(server, project) ? stateOf(server, project)?.prompts : [],
  }));
}
