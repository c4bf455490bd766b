import { removeHook, writeHook } from '../features/hooks/edit/edit-hooks.ts';
import { checkServerEntry, checkServerName } from '../features/mcp/edit/check-entry.ts';
import { placesOf, removeServer, writeServer } from '../features/mcp/edit/edit-servers.ts';
import { serverPlaces } from '../features/mcp/edit/server-place.ts';
import { noneHeld } from '../features/mcp/definitions/tool-pins.ts';
import { lookAt } from '../features/mcp/contents/look-at.ts';
import { listPrompts } from '../features/mcp/contents/list-prompts.ts';
import { McpFailure } from '../features/mcp/mcp-failure.ts';
import { UserError } from '../kernel/user-error.ts';
import type { McpPlace } from '../features/mcp/access/server-access.ts';
import type { McpServers } from '../features/mcp/mcp-servers.ts';
import type { HookRuns } from '../features/hooks/run/hook-runs.ts';
import type {
  ConfiguredHooks,
  ConfiguredLogins,
  ConfiguredServers,
  ServerEditor,
} from '../features/built-ins/built-in-context.ts';
import { runBuiltIn } from '../features/built-ins/run-built-in.ts';
import { enabledHooks, type EnabledHooks } from '../features/hooks/config/enabled-hooks.ts';
import type { BuiltIns } from '../pipeline/request/commands/command-run.ts';
import { subjectOfHook } from '../features/hooks/trust/subject-of-hook.ts';
import type { ProjectSnapshot } from '../platform/config/scopes/project-snapshot.ts';
import { createFileWithin } from '../platform/store/create-file-within.ts';
import type { Projects } from './compose-commands.ts';
import type { ComposeOptions } from './compose-options.ts';

interface BuiltInParts {
  readonly projects: Projects;
  readonly mcp: Pick<
    McpServers,
    | 'stateOf'
    | 'refresh'
    | 'statesBeside'
    | 'decisionOn'
    | 'use'
    | 'usable'
    | 'logins'
    | 'endLeftLogin'
    | 'heldTools'
    | 'acceptTools'
  >;
  readonly hookRuns: HookRuns;
  /** What `GET /health` tells. */
  readonly health: () => Readonly<Record<string, unknown>>;
}

const noHooks: EnabledHooks = { entries: [], selected: [], problems: [], areScriptsOff: () => false };

/** `/help` waits so long for servers that nobody has used since we run, and for no others. */
const promptWaitMs = 2_000;
/** Who asks for one server waits for its start. */
const lookMs = 60_000;

/** The commands that are answered here, with what they look at. */
export function composeBuiltIns({ config, env, version }: ComposeOptions, parts: BuiltInParts): BuiltIns {
  const { projects, health } = parts;
  return ({ name, args }, { exchange, session, conversation, project }) =>
    runBuiltIn(name, args, {
      exchange,
      session,
      snapshot: project,
      commands: {
        catalog: projects.catalog,
        folders: project?.commandFolders ?? [],
        positionals: config.commands.positionals,
        effort: undefined,
      },
      hooks: hooksOf(project, conversation, parts),
      editHooks: {
        add: (hook, at) => writeHook(hook, { scope: hook.scope, project: at, env }),
        remove: removeHook,
      },
      editServers: editorOf(env, parts),
      askedQuestions: projects.askedQuestions,
      servers: serversOf(
        project,
        {
          ...{ conversation, signal: exchange.signal },
          // Where a client at `/mcp` works that names no folder.
          clientsProject: () => projects.projectNamed(exchange.caller.kind, config.workspaces.default),
        },
        parts,
      ),
      health,
      version,
      now: () => new Date(),
      createFileWithin,
    });
}

function editorOf(env: ComposeOptions['env'], { mcp }: Pick<BuiltInParts, 'mcp'>): ServerEditor {
  return {
    add: ({ name, entry, scope }, project) => {
      checkServerName(name);
      checkServerEntry(entry);
      const [place] = serverPlaces(scope, { project, env });
      writeServer(name, entry, place);
      return place;
    },
    placesOf: (name, project) => placesOf(name, { project, env }),
    remove: async (name, place, project) =>
      await mcp.endLeftLogin({ name, entry: removeServer(name, place).entry }, { project, env }),
  };
}

interface ServersPlace {
  readonly conversation: string;
  readonly signal: AbortSignal;
  readonly clientsProject: () => Promise<ProjectSnapshot | undefined>;
}

function serversOf(
  project: ProjectSnapshot | undefined,
  { conversation, signal, clientsProject }: ServersPlace,
  { mcp }: Pick<BuiltInParts, 'mcp'>,
): ConfiguredServers {
  if (project === undefined) return noServers;
  const place = { project, conversation };
  return {
    logins: loginsOf(place, signal, mcp),
    stateOf: (name) => mcp.stateOf(name, project),
    statesForClients: async (name) => mcp.statesBeside(name, project, await clientsProject()),
    decisionOn: (name) => mcp.decisionOn(name, place),
    prompts: () => listPrompts(place, { servers: mcp, signal, waitMs: promptWaitMs }),
    look: (name) => lookAt(name, { ...{ servers: mcp, place, signal }, maxMs: lookMs }),
    heldTools: (name) => mcp.heldTools(name, project),
    acceptTools: (name, accepting) => mcp.acceptTools(name, project, accepting),
  };
}

const noProjectKnown = 'no project is known here';

const noServers: ConfiguredServers = {
  stateOf: () => undefined,
  statesForClients: () => Promise.resolve([]),
  decisionOn: () => Promise.resolve(undefined),
  prompts: () => Promise.resolve({ commands: [], starting: [] }),
  look: () => Promise.resolve({ kind: 'failed', reason: noProjectKnown }),
  logins: {
    begin: () => Promise.reject(new UserError(noProjectKnown)),
    finish: () => Promise.reject(new UserError(noProjectKnown)),
    stateOf: () => Promise.resolve(undefined),
  },
  heldTools: () => Promise.resolve(noneHeld),
  acceptTools: () => Promise.resolve({ kind: 'held', held: noneHeld }),
};

function loginsOf(
  place: McpPlace,
  signal: AbortSignal,
  { logins }: Pick<McpServers, 'logins'>,
): ConfiguredLogins {
  return {
    begin: async (name) => (await logins.begin(name, place, signal)).link,
    finish: async (name, address) => {
      const waiting = await logins.waiting(name, place);
      if (waiting === undefined)
        throw new UserError(
          `no login waits for an address there: \`/mcp auth ${name}\` makes a link, which is good for ten minutes`,
        );
      await waiting.finish(address);
    },
    stateOf: async (name) => {
      try {
        return await logins.stateOf(name, place);
      } catch (error) {
        if (error instanceof McpFailure || error instanceof UserError) return undefined;
        throw error;
      }
    },
  };
}

function hooksOf(
  project: ProjectSnapshot | undefined,
  conversation: string,
  { projects, hookRuns }: BuiltInParts,
): ConfiguredHooks {
  const { entries, selected, problems } = project === undefined ? noHooks : enabledHooks(project);
  return {
    entries,
    selected,
    problems,
    runs: hookRuns.list(),
    isTrusted: async (entry) => {
      const checked = project === undefined ? undefined : await subjectOfHook(entry, project.workspace);
      return checked === undefined || projects.trust.isTrusted(checked.subject, conversation);
    },
  };
}
