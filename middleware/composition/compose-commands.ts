import { join } from 'node:path';
import { CommandCatalog } from '../features/commands/find/command-catalog.ts';
import { createResourceAttacher } from '../features/commands/prompt/attach-resources.ts';
import { createServerPromptMaker } from '../features/commands/prompt/make-server-prompt.ts';
import type { McpServers } from '../features/mcp/mcp-servers.ts';
import { AskedQuestions } from '../features/mcp/questions/asked-questions.ts';
import { Sessions } from '../features/sessions/sessions.ts';
import { TrustStore } from '../features/trust/trust-store.ts';
import type { RequestStage } from '../kernel/stage.ts';
import { createPromptMaker } from '../features/commands/prompt/make-prompt.ts';
import { createProjects, type ProjectLookup, type ProjectOf } from '../pipeline/projects.ts';
import type { BuiltIns } from '../pipeline/request/commands/command-run.ts';
import { createRunCommandStage } from '../pipeline/request/run-command.ts';
import { enterpriseFolders } from '../platform/config/scopes/folders/enterprise-folders.ts';
import { createSnapshotCache } from '../platform/config/scopes/snapshot-cache.ts';
import { createWorkspaceAccess } from '../platform/config/scopes/workspace-access.ts';
import { ourSecrets } from '../platform/process/our-secrets.ts';
import { createSandbox } from '../platform/process/sandbox/sandbox.ts';
import { withoutOurKeys } from '../platform/process/without-our-keys.ts';
import { providerKeys } from '../upstreams/litellm/provider-keys.ts';
import { findRoot } from '../platform/release/find-root.ts';
import type { ComposeOptions } from './compose-options.ts';
import { freshTimes } from './fresh-times.ts';
import { createStubSync } from './stub-sync.ts';

/** What the projects of requests have to do with: their configuration, their commands, and who allowed what. */
export interface Projects {
  readonly projectOf: ProjectOf;
  readonly projectNamed: ProjectLookup['named'];
  readonly namedNow: ProjectLookup['namedNow'];
  readonly folderUnread: ProjectLookup['folderUnread'];
  readonly haveServers: ProjectLookup['haveServers'];
  readonly catalog: CommandCatalog;
  readonly trust: TrustStore;
  /** What was changed in which conversation. */
  readonly sessions: Sessions;
  /** What servers asked users, also before a restart. */
  readonly askedQuestions: AskedQuestions;
}

/**
 * The parts that know the folders of projects. Nothing is read before a request asks for it. `servers`: asked then, for
 * they are made of these parts.
 */
export function composeProjects(
  options: Omit<ComposeOptions, 'litellm'>,
  servers: () => Pick<McpServers, 'usable' | 'stateOf' | 'refresh' | 'follow'>,
): Projects {
  const { config, env, homeDir, log, now } = options;
  const { roots, default: defaultWorkspace } = config.workspaces;
  const lookup = createProjects({
    snapshots: createSnapshotCache({
      home: homeDir,
      env: withoutOurKeys(env, providerKeys(config)),
      enterpriseDirs: enterpriseFolders(process.platform),
      ...{ ...freshTimes, now },
    }),
    access: createWorkspaceAccess({ roots, checkMs: freshTimes.checkMs, now }),
    defaultWorkspace,
    homeDir,
    onProject: createStubSync(options, servers),
    onRead: (project) => {
      servers()
        .follow(project)
        .catch((error: unknown) => {
          log.warn('MCP servers that were removed could not be looked for', { error });
        });
    },
    now,
  });
  return {
    projectOf: lookup.of,
    projectNamed: lookup.named,
    namedNow: lookup.namedNow,
    folderUnread: lookup.folderUnread,
    haveServers: lookup.haveServers,
    catalog: new CommandCatalog({ now, freshMs: freshTimes.freshMs }),
    trust: new TrustStore({ stateDir: config.stateDir, log, now: () => new Date() }),
    sessions: new Sessions(),
    askedQuestions: new AskedQuestions({ stateDir: config.stateDir, log }),
  };
}

interface CommandParts {
  readonly projects: Projects;
  readonly builtIns: BuiltIns;
  readonly mcp: Pick<McpServers, 'use' | 'usable' | 'decisionOn'>;
}

/** What a user waits for a server that has to be started: the client waits as long without a word. */
const maxServerMs = 60_000;

/** What makes the prompts of commands. */
export function composePromptMaker(
  { config, env, homeDir }: ComposeOptions,
  { trust }: Pick<Projects, 'trust'>,
): ReturnType<typeof createPromptMaker> {
  const sandbox = createSandbox({
    mode: config.sandbox.mode,
    platform: process.platform,
    env,
    homeDir,
    secrets: ourSecrets(config, findRoot(import.meta.dirname)),
    withheldEnv: providerKeys(config),
  });
  return createPromptMaker({
    ...{ sandbox, trust, env },
    platform: process.platform,
    positionals: config.commands.positionals,
    maxLength: config.server.maxBodyBytes,
    outputDir: join(config.stateDir, 'outputs'),
  });
}

/** The stage that runs commands, with all that it needs. */
export function composeCommands(
  options: ComposeOptions,
  { projects, builtIns, mcp }: CommandParts,
): RequestStage {
  const { config, env } = options;
  return createRunCommandStage({
    ...projects,
    maxBodyBytes: config.server.maxBodyBytes,
    makePrompt: composePromptMaker(options, projects),
    makeServerPrompt: createServerPromptMaker({ servers: mcp, env, maxMs: maxServerMs }),
    attachResources: createResourceAttacher({
      ...{ servers: mcp, maxMs: maxServerMs },
      maxLength: config.server.maxBodyBytes,
    }),
    runBuiltIn: builtIns,
    references: config.commands.references,
  });
}
