import type { Positionals } from '../commands/command.ts';
import type { CommandCatalog } from '../commands/find/command-catalog.ts';
import type { HookEntry } from '../hooks/config/hook-entry.ts';
import type { HookEvent } from '../hooks/hook-event.ts';
import type { HookRun } from '../hooks/run/hook-runs.ts';
import type { HookProblem } from '../hooks/config/parse-hooks.ts';
import type { Asked } from '../mcp/contents/ask-in-time.ts';
import type { PromptList } from '../mcp/contents/list-prompts.ts';
import type { LoginState } from '../mcp/login/logins.ts';
import type { Acceptance, Accepting, HeldTools } from '../mcp/definitions/tool-pins.ts';
import type { AskedQuestions } from '../mcp/questions/asked-questions.ts';
import type { LeftLogin } from '../mcp/edit/left-login.ts';
import type { ServerPlace, ServerScope } from '../mcp/edit/server-place.ts';
import type { Look } from '../mcp/contents/look-at.ts';
import type { ServerState } from '../mcp/server-state.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { CommandFolder } from '../../platform/config/scopes/folders/command-folders.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import type { Version } from '../../platform/release/read-version.ts';
import type { CreatedFile } from '../../platform/store/create-file-within.ts';

/** All that a built-in command may look at, and the few things that it may do. */
export interface BuiltInContext {
  readonly exchange: Exchange;
  /** Names the conversation, also where the client does not. */
  readonly session: string;
  /** `undefined`: the caller may not have the configuration of the folder, or names none. */
  readonly snapshot: ProjectSnapshot | undefined;
  readonly commands: {
    readonly catalog: Pick<CommandCatalog, 'find' | 'list' | 'faults'>;
    readonly folders: readonly CommandFolder[];
    readonly positionals: Positionals;
    /** The effort that the request asks for, if any. */
    readonly effort: string | undefined;
  };
  readonly hooks: ConfiguredHooks;
  readonly editHooks: HookEditor;
  readonly servers: ConfiguredServers;
  readonly editServers: ServerEditor;
  /** What servers asked users. */
  readonly askedQuestions: Pick<AskedQuestions, 'known'>;
  /** What `GET /health` tells. */
  readonly health: () => Readonly<Record<string, unknown>>;
  readonly version: Version;
  readonly now: () => Date;
  readonly createFileWithin: (folder: string, name: string, text: string) => Promise<CreatedFile>;
}

/** What a command looks at that is about the configuration of a folder. */
export interface ProjectContext extends BuiltInContext {
  readonly snapshot: ProjectSnapshot;
}

/** The hooks that hold for the request's folder. */
export interface ConfiguredHooks {
  readonly entries: readonly HookEntry[];
  /** Those of the entries that no setting switches off. */
  readonly selected: readonly HookEntry[];
  readonly problems: readonly HookProblem[];
  /** The newest first; of other folders as well. */
  readonly runs: readonly HookRun[];
  /** Asked only of hooks that need trust. */
  readonly isTrusted: (entry: HookEntry) => boolean | Promise<boolean>;
}

/** What is known of the MCP servers of the request's folder, by their names. */
export interface ConfiguredServers {
  /** `undefined` for one that was not used yet. */
  readonly stateOf: (name: string) => ServerState | undefined;
  /** The same of its connections for clients at `/mcp` that are others. */
  readonly statesForClients: (name: string) => Promise<readonly ServerState[]>;
  /** Whether one may be started; `undefined` where somebody has to be asked. */
  readonly decisionOn: (name: string) => Promise<'allowed' | 'denied' | undefined>;
  /** The prompts of those that may be used; servers that were never asked are started for it. */
  readonly prompts: () => Promise<PromptList>;
  /** Starts or reaches one that may be used, and asks it for all that it offers. */
  readonly look: (name: string) => Promise<Asked<Look>>;
  readonly logins: ConfiguredLogins;
  /** The tools that are held back, since they were changed. */
  readonly heldTools: (name: string) => Promise<HeldTools>;
  /** Has them, or one of them, count as they were shown. */
  readonly acceptTools: (name: string, accepting: Accepting) => Promise<Acceptance>;
}

/** Signing in at the servers, by their names; rejects with an error whose message is for the user. */
export interface ConfiguredLogins {
  /** Resolves with the link that the user has to open. */
  readonly begin: (name: string) => Promise<URL>;
  /** Takes the address that a browser was sent to which could not come back by itself. */
  readonly finish: (name: string, address: string) => Promise<void>;
  /** `undefined` for a server without logins, and for one that may not be used. */
  readonly stateOf: (name: string) => Promise<LoginState | undefined>;
}

/** Changes settings files; throws an error whose message is for the user. */
export interface HookEditor {
  /** The file, and whether the hook was not there yet. */
  readonly add: (
    hook: HookToAdd,
    project: ProjectSnapshot,
  ) => { readonly file: string; readonly isNew: boolean };
  readonly remove: (hook: HookEntry) => void;
}

/** Changes the files that MCP servers stand in; throws an error whose message is for the user. */
export interface ServerEditor {
  readonly add: (server: ServerToAdd, project: ProjectSnapshot) => ServerPlace;
  /** Where a server of this name stands, one place a scope. */
  readonly placesOf: (name: string, project: ProjectSnapshot) => readonly ServerPlace[];
  /** Also ends the login there that nothing uses any more. */
  readonly remove: (
    name: string,
    place: ServerPlace,
    project: ProjectSnapshot,
  ) => Promise<LeftLogin | undefined>;
}

export interface ServerToAdd {
  readonly name: string;
  readonly entry: JsonObject;
  readonly scope: ServerScope;
}

export interface HookToAdd {
  readonly event: HookEvent;
  readonly command: string;
  readonly matcher: string | undefined;
  readonly timeoutSeconds: number | undefined;
  readonly scope: 'user' | 'project' | 'local';
}

/** A command that answers here: its arguments, trimmed, and what it may look at, to Markdown. */
export type BuiltIn = (args: string, context: BuiltInContext) => string | Promise<string>;
