import type { McpPlace } from './access/server-access.ts';
import type { Launch } from './launch.ts';
import type { ServerPool } from './pool/server-pool.ts';
import { wasUsed, type ServerState } from './server-state.ts';

export interface ServerStates {
  /** The same for as long as a server is started or reached in the same way; `undefined` where none of that name can be. */
  readonly launchKey: (name: string, project: McpPlace['project']) => string | undefined;
  /** What is known of a server; nothing is started for it, and `undefined` where it was never used. */
  readonly stateOf: (name: string, project: McpPlace['project']) => ServerState | undefined;
  /**
   * Has a server tell its prompts and resources again, where what is known of them is older and may be wrong by now: it tells of no
   * changes, or could not tell them. One that does not run is not started for it, and it never fails.
   */
  readonly refresh: (name: string, project: McpPlace['project'], maxAgeMs: number) => Promise<void>;
  /** The same where something went wrong last: every turn asks for all servers, and mostly nothing did. */
  readonly failedStateOf: (name: string, project: McpPlace['project']) => ServerState | undefined;
  /** Whether a server turned out to be our own `/mcp`. */
  readonly isOwn: (name: string, project: McpPlace['project']) => boolean;
  /**
   * The same of its other connections, as far as they were used: for clients that it may ask something, and those in `others`,
   * another project that has it from the same file.
   */
  readonly statesBeside: (
    name: string,
    project: McpPlace['project'],
    others: McpPlace['project'] | undefined,
  ) => readonly ServerState[];
}

/** What is known of servers by their names; `launchIn`: how one is started in a project. */
export function createServerStates(
  pool: Pick<ServerPool, 'stateOf' | 'refresh' | 'failedStateOf' | 'statesBeside'>,
  launchIn: (name: string, project: McpPlace['project']) => Launch | undefined,
): ServerStates {
  return {
    launchKey: (name, project) => launchIn(name, project)?.key,
    stateOf: (name, project) => {
      const launch = launchIn(name, project);
      return launch === undefined ? undefined : pool.stateOf(launch);
    },
    refresh: async (name, project, maxAgeMs) => {
      const launch = launchIn(name, project);
      if (launch !== undefined) await pool.refresh(launch, maxAgeMs);
    },
    failedStateOf: (name, project) => {
      const launch = launchIn(name, project);
      return launch === undefined ? undefined : pool.failedStateOf(launch);
    },
    isOwn: (name, project) => {
      const launch = launchIn(name, project);
      return launch !== undefined && pool.stateOf(launch)?.isOwn === true;
    },
    statesBeside: (name, project, others) => {
      const own = launchIn(name, project);
      if (own === undefined) return [];
      const isSame = others !== undefined && fileOf(name, others) === fileOf(name, project);
      const there = isSame ? launchIn(name, others) : undefined;
      const states = pool.statesBeside(own);
      if (there === undefined || there.key === own.key) return states.filter(wasUsed);
      const state = pool.stateOf(there);
      return [...states, ...(state === undefined ? [] : [state]), ...pool.statesBeside(there)].filter(
        wasUsed,
      );
    },
  };
}

function fileOf(name: string, { mcpServers }: McpPlace['project']): string | undefined {
  return mcpServers.get(name)?.source.file;
}
