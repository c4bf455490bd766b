import type { Caller, Exchange } from '../kernel/exchange.ts';
import { findWorkspace } from '../platform/config/scopes/find-workspace.ts';
import type { ProjectSnapshot } from '../platform/config/scopes/project-snapshot.ts';
import type { SnapshotCache } from '../platform/config/scopes/snapshot-cache.ts';
import type { WorkspaceAccess } from '../platform/config/scopes/workspace-access.ts';
import type { Conversation } from '../protocol/conversation.ts';

interface ProjectsOptions {
  readonly snapshots: SnapshotCache;
  readonly access: WorkspaceAccess;
  /** The folder of requests that name none; `undefined` where there is none. */
  readonly defaultWorkspace: string | undefined;
  /** Whose own configuration counts for local requests without a folder. */
  readonly homeDir: string;
  /** Hears of every folder that a local request is about. */
  readonly onProject: (workspace: string) => void;
}

/** The configuration of folders, for those who may have it. */
export interface ProjectLookup {
  readonly of: ProjectOf;
  /** Of a folder that the caller names, or of the home folder for a local caller who names none. */
  readonly named: (
    caller: Caller['kind'],
    workspace: string | undefined,
  ) => Promise<ProjectSnapshot | undefined>;
}

/** What is configured for the folder that a request is about; `undefined` for a caller who may not have it. */
export type ProjectOf = (
  exchange: Exchange,
  conversation: Conversation,
) => Promise<ProjectSnapshot | undefined>;

/** Finds the project of a request. A local request that names no folder has the user's own configuration. */
export function createProjects(options: ProjectsOptions): ProjectLookup {
  const { snapshots, access, defaultWorkspace, homeDir, onProject } = options;
  const named: ProjectLookup['named'] = async (caller, path) => {
    const workspace = path === undefined ? undefined : await access.open(caller, path);
    if (workspace !== undefined && caller === 'local') onProject(workspace);
    if (workspace !== undefined) return snapshots.of(workspace);
    return caller === 'local' ? snapshots.of(homeDir) : undefined;
  };
  return {
    named,
    of: ({ request, caller }, conversation) => {
      const found = findWorkspace({
        headers: request.headers,
        readInput: () => contextsIn(conversation, request.json),
        defaultWorkspace,
      });
      return named(caller.kind, found?.path);
    },
  };
}

const context = Buffer.from('<environment_context>');

/** The items that tell the working directory; the others are not parsed. */
function contextsIn(conversation: Conversation, json: Buffer): unknown[] | undefined {
  if (!json.includes(context)) return undefined;
  return Array.from({ length: conversation.length }, (_, index) => index)
    .filter((index) => conversation.bytesAt(index).includes(context))
    .map((index) => conversation.at(index));
}
