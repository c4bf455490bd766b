import { type JsonObject } from '../../../kernel/json-object.ts';
import { dirname, join } from 'node:path';
import type { ConfigSource } from '../../../kernel/config-source.ts';
import type { Environment } from '../environment.ts';
import type { CliSettings } from './cli-settings.ts';
import { commandFolders } from './folders/command-folders.ts';
import type { ConfigProblem } from './files/config-problem.ts';
import type { EnterpriseFolder } from './folders/enterprise-folders.ts';
import type { FileAccess, Stamp } from './files/file-access.ts';
import { FileKeeper, type KeptFile } from './files/file-keeper.ts';
import { FileBudget } from './files/kept-files.ts';
import { mcpFiles } from './folders/mcp-files.ts';
import type { McpLayer } from './merge-mcp-servers.ts';
import { NameKeeper } from './files/name-keeper.ts';
import type { ProjectFindings } from './project-snapshot.ts';
import {
  readClaudeJson,
  readMcpServers,
  type ClaudeJsonServers,
  type WrittenServers,
} from './read-mcp-servers.ts';
import { readSettings } from './read-settings.ts';
import { settingsFiles, type SettingsFile } from './settings-files.ts';
import { userFolders } from './folders/user-folders.ts';
import { withParents } from './folders/with-parents.ts';

interface ProjectReaderOptions {
  readonly home: string;
  readonly env: Environment;
  readonly enterprise: readonly EnterpriseFolder[];
  readonly cli: readonly CliSettings[];
  readonly settleMs: number;
  readonly maxFiles: number;
}

interface Found<T> {
  readonly source: ConfigSource;
  readonly kept: KeptFile<T>;
}

/** The files as one reading sees them. */
interface View {
  readonly access: FileAccess;
  /** Looks at each path once, however often it is asked for while one workspace is read. */
  readonly kindAt: (path: string) => Promise<Stamp['kind']>;
}

const maxBytes = 1024 * 1024;
/** Claude Code's state grows with its use. */
const maxClaudeJsonBytes = 64 * 1024 * 1024;

/**
 * Reads what is configured for a workspace. What did not change since the last time is not read again: that costs a stat a
 * file, and none for the files of a folder that does not exist.
 */
export class ProjectReader {
  readonly #options: ProjectReaderOptions;
  readonly #names: NameKeeper;
  readonly #settings: FileKeeper<JsonObject>;
  readonly #servers: FileKeeper<WrittenServers>;
  readonly #claudeJson: FileKeeper<ClaudeJsonServers>;

  constructor(options: ProjectReaderOptions) {
    this.#options = options;
    this.#names = new NameKeeper(options.maxFiles);
    const { settleMs } = options;
    const shared = { settleMs, budget: new FileBudget(options) };
    this.#settings = new FileKeeper({ ...shared, maxBytes, parse: readSettings });
    this.#servers = new FileKeeper({ ...shared, maxBytes, parse: readMcpServers });
    this.#claudeJson = new FileKeeper({ ...shared, maxBytes: maxClaudeJsonBytes, parse: readClaudeJson });
  }

  async read(workspace: string, access: FileAccess): Promise<ProjectFindings> {
    const { home, env, enterprise } = this.#options;
    const view = viewOf(access);
    const gitRoot = await findGitRoot(workspace, view);
    const [settings, servers, folders] = await Promise.all([
      this.#readSettings(workspace, gitRoot, view),
      this.#readServers(workspace, gitRoot, access),
      existing(commandFolders(workspace, userFolders(home, env), enterprise), view),
    ]);
    return {
      workspace,
      home,
      settings: settings.flatMap(({ source, kept }) =>
        kept.value === undefined ? [] : [{ source, settings: kept.value }],
      ),
      mcpServers: servers.layers,
      commandFolders: folders,
      problems: [...settings, ...servers.found].flatMap(problemsOf),
    };
  }

  async #readSettings(
    workspace: string,
    gitRoot: string | undefined,
    view: View,
  ): Promise<readonly Found<JsonObject>[]> {
    const { home, env, cli } = this.#options;
    const enterprise = await Promise.all(
      this.#options.enterprise.map(async (place) => ({
        ...place,
        dropIns: await this.#names.look(join(place.folder, 'managed-settings.d'), view.access),
      })),
    );
    const files = settingsFiles({ workspace, gitRoot, user: userFolders(home, env), enterprise, cli });
    const kept = await Promise.all(files.map((file) => this.#readSettingsFile(file, view)));
    const there = new Set(files.filter((_file, index) => kept[index]?.exists).map(({ file }) => file));
    return files.flatMap((file, index) => {
      const found = kept[index];
      const counts = file.unless === undefined || !there.has(file.unless);
      return counts && found !== undefined ? [{ source: sourceOf(file), kept: found }] : [];
    });
  }

  async #readSettingsFile(
    { file, inline }: SettingsFile,
    view: View,
  ): Promise<KeptFile<JsonObject> | undefined> {
    if (inline !== undefined) return { exists: true, value: inline, faults: [] };
    return (await isFolder(dirname(file), view)) ? this.#settings.look(file, view.access) : undefined;
  }

  async #readServers(
    workspace: string,
    gitRoot: string | undefined,
    access: FileAccess,
  ): Promise<{ readonly layers: readonly McpLayer[]; readonly found: readonly Found<unknown>[] }> {
    const { home, env, enterprise } = this.#options;
    const files = mcpFiles(workspace, home, env, enterprise);
    const look = async (source: ConfigSource): Promise<Found<WrittenServers>> => ({
      source,
      kept: await this.#servers.look(source.file, access),
    });
    const exclusive = (await Promise.all(files.enterprise.map(look))).filter(({ kept }) => kept.exists);
    // Also when it is broken: an organisation that takes servers into its own hands does not mean to open them to all.
    if (exclusive.length > 0) return { layers: exclusive.flatMap(layersOf), found: exclusive };
    const found = await Promise.all([...files.project, files.user].map(look));
    const claudeJson = await this.#claudeJson.look(files.claudeJson.file, access);
    const { user, projects } = claudeJson.value ?? { user: {}, projects: new Map<string, WrittenServers>() };
    const local = [workspace, ...(gitRoot === undefined || gitRoot === workspace ? [] : [gitRoot])].flatMap(
      (folder) => {
        const servers = projects.get(folder) ?? projects.get(folder.replaceAll('\\', '/'));
        const source = { ...files.claudeJson, scope: 'local', baseDir: folder } as const;
        return servers === undefined ? [] : [{ source, servers }];
      },
    );
    return {
      layers: [...local, ...found.flatMap(layersOf), { source: files.claudeJson, servers: user }],
      found: [...found, { source: files.claudeJson, kept: claudeJson }],
    };
  }
}

function viewOf(access: FileAccess): View {
  const known = new Map<string, ReturnType<View['kindAt']>>();
  const kindAt: View['kindAt'] = (path) => {
    const before = known.get(path);
    if (before !== undefined) return before;
    const now = access.stamp(path).then(({ kind }) => kind);
    known.set(path, now);
    return now;
  };
  return { access, kindAt };
}

async function findGitRoot(workspace: string, { kindAt }: View): Promise<string | undefined> {
  const folders = withParents(workspace);
  const kinds = await Promise.all(folders.map((folder) => kindAt(join(folder, '.git'))));
  return folders.find((_folder, index) => kinds[index] === 'folder' || kinds[index] === 'file');
}

async function existing<T extends { readonly folder: string }>(
  folders: readonly T[],
  view: View,
): Promise<readonly T[]> {
  const there = await Promise.all(
    folders.map(async ({ folder }) => (await isFolder(dirname(folder), view)) && isFolder(folder, view)),
  );
  return folders.filter((_folder, index) => there[index]);
}

/** One that cannot be looked at may be there: whoever reads it next says what is wrong. */
async function isFolder(path: string, { kindAt }: View): Promise<boolean> {
  const kind = await kindAt(path);
  return kind === 'folder' || kind === 'unreadable';
}

function layersOf({ source, kept }: Found<WrittenServers>): readonly McpLayer[] {
  return kept.value === undefined ? [] : [{ source, servers: kept.value }];
}

function problemsOf({ source, kept }: Found<unknown>): readonly ConfigProblem[] {
  return kept.faults.map((fault) => ({ ...fault, file: source.file, scope: source.scope }));
}

function sourceOf({ scope, family, file, baseDir }: SettingsFile): ConfigSource {
  return { scope, family, file, baseDir };
}
