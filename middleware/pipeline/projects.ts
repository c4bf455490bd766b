import { remembered } from '../kernel/bounds/remembered.ts';
import { serverProblems } from '../features/mcp/access/server-problems.ts';
import type { Caller, Exchange } from '../kernel/exchange.ts';
import { BoundedMap } from '../kernel/bounds/bounded-map.ts';
import { findWorkspace } from '../platform/config/scopes/find-workspace.ts';
import type { ProjectSnapshot } from '../platform/config/scopes/project-snapshot.ts';
import type { SnapshotCache } from '../platform/config/scopes/snapshot-cache.ts';
import type { WorkspaceAccess } from '../platform/config/scopes/workspace-access.ts';
import type { Conversation } from '../protocol/conversation/conversation.ts';
import { namedSessionKey } from '../protocol/conversation/session-key.ts';
import { context, folderSign } from './folder-sign.ts';

interface ProjectsOptions {
  readonly snapshots: SnapshotCache;
  readonly access: WorkspaceAccess;
  /** The folder of requests that name none; `undefined` where there is none. */
  readonly defaultWorkspace: string | undefined;
  /** Whose own configuration counts for local requests without a folder. */
  readonly homeDir: string;
  /** Hears of every folder that a local request is about. */
  readonly onProject: (project: ProjectSnapshot) => void;
  /** Hears of what is configured for a folder, whoever asks about it. */
  readonly onRead: (project: ProjectSnapshot) => void;
  /** A clock that only goes forward, in milliseconds. */
  readonly now: () => number;
}

/** The configuration of folders, for those who may have it. */
export interface ProjectLookup {
  readonly of: ProjectOf;
  /** Which folder a request names, without a look into its conversation; `undefined` where one is needed. */
  readonly folderUnread: (exchange: Exchange) => { readonly path: string | undefined } | undefined;
  /** Whether a project that was looked at has MCP servers; while none has, nobody need look for them. */
  readonly haveServers: () => boolean;
  /** Of a folder that the caller names, or of the home folder for a local caller who names none. */
  readonly named: (
    caller: Caller['kind'],
    workspace: string | undefined,
  ) => Promise<ProjectSnapshot | undefined>;
  /** The same without waiting; `undefined` where that does not tell. */
  readonly namedNow: (caller: Caller['kind'], workspace: string | undefined) => NamedProject | undefined;
}

interface NamedProject {
  readonly project: ProjectSnapshot | undefined;
}

/** What is configured for the folder that a request is about; `undefined` for a caller who may not have it. */
export type ProjectOf = (
  exchange: Exchange,
  conversation: Conversation,
) => Promise<ProjectSnapshot | undefined>;

/** Whether a project has MCP servers, or would have where its files were not broken. */
export function concernsServers(project: ProjectSnapshot): boolean {
  return project.mcpServers.size > 0 || serverProblems(project).length > 0;
}

/** Finds the project of a request. A local request that names no folder has the user's own configuration. */
export function createProjects(options: ProjectsOptions): ProjectLookup {
  const { snapshots, access, homeDir, onProject, onRead, now } = options;
  let hasServers = false;
  const hear: Hear = (project, isNamed, caller) => {
    if (isNamed && caller === 'local') onProject(project);
    onRead(project);
    hasServers ||= concernsServers(project);
  };
  const folderFor = (caller: Caller['kind'], workspace: string | undefined): string | undefined =>
    workspace ?? (caller === 'local' ? homeDir : undefined);
  const named: ProjectLookup['named'] = async (caller, path) => {
    const workspace = path === undefined ? undefined : await access.open(caller, path);
    const folder = folderFor(caller, workspace);
    const project = folder === undefined ? undefined : await snapshots.of(folder);
    if (project !== undefined) hear(project, workspace !== undefined, caller);
    return project;
  };
  const hearSeldom = seldom(hear, now);
  const namedNow: ProjectLookup['namedNow'] = (caller, path) => {
    const opened = path === undefined ? nowhere : access.openNow(caller, path);
    if (opened === undefined) return undefined;
    const folder = folderFor(caller, opened.folder);
    if (folder === undefined) return nothing;
    const project = snapshots.now(folder);
    if (project === undefined) return undefined;
    hearSeldom(project, opened.folder !== undefined, caller);
    return { project };
  };
  const seen = new BoundedMap<string, SeenFolder>(maxSessions, {
    maxSize: maxSeenSize,
    sizeOf: ({ path = '', sign = '' }, key) => key.length + path.length + sign.length,
  });
  return {
    named,
    namedNow,
    haveServers: () => hasServers,
    folderUnread: (exchange) => {
      const { request, caller, turn } = exchange;
      if (!request.json.includes(context)) return { path: folderOf(exchange, undefined, options) };
      if (turn.sessionId === undefined) return undefined;
      const known = seen.get(namedSessionKey(turn.sessionId, caller, request.api));
      if (known === undefined || now() - known.at < believedMs) return known;
      if (known.sign === undefined || known.sign !== folderSign(exchange)) return undefined;
      known.at = now();
      return known;
    },
    of: (exchange, conversation) => {
      const { request, caller, turn } = exchange;
      const path = folderOf(exchange, contextsIn(conversation, request.json), options);
      if (turn.sessionId !== undefined)
        seen.set(namedSessionKey(turn.sessionId, caller, request.api), {
          ...{ path, sign: folderSign(exchange), at: now() },
        });
      return named(caller.kind, path);
    },
  };
}

const nowhere = { folder: undefined };
const nothing: NamedProject = { project: undefined };
/** Who hears of folders has more to do than most requests: where nothing has to be waited for, they hear seldom. */
const heardMs = 1_000;

type Hear = (project: ProjectSnapshot, isNamed: boolean, caller: Caller['kind']) => void;

/** The same, at most once in a while for each project: of its own users' requests, and of all others. */
function seldom(hear: Hear, now: () => number): Hear {
  const heardAt = remembered((_: ProjectSnapshot) => new Map<boolean, number>());
  return (project, isNamed, caller) => {
    const isOwn = isNamed && caller === 'local';
    const heard = heardAt(project);
    if (now() - (heard.get(isOwn) ?? -Infinity) < heardMs) return;
    heard.set(isOwn, now());
    hear(project, isNamed, caller);
  };
}

interface SeenFolder {
  readonly path: string | undefined;
  /** Of the request that told it. */
  readonly sign: string | undefined;
  /** When it was looked at last. */
  at: number;
}

const maxSessions = 2_000;
/** In characters: clients choose the names of their conversations. */
const maxSeenSize = 2 * 1024 * 1024;
/** To look whether a conversation has moved to another folder is a search through all of it. */
const believedMs = 40;

function folderOf(
  { request }: Exchange,
  contexts: unknown[] | undefined,
  { defaultWorkspace }: ProjectsOptions,
): string | undefined {
  const { headers } = request;
  return findWorkspace({ headers, readInput: () => contexts, defaultWorkspace })?.path;
}

/** The items that tell the working directory; the others are not parsed. */
function contextsIn(conversation: Conversation, json: Buffer): unknown[] | undefined {
  if (!json.includes(context)) return undefined;
  return conversation.indexesWith(context).map((index) => conversation.at(index));
}
