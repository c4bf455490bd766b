import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { valueOf } from '../../../platform/config/environment.ts';
import { isWithin } from '../../../platform/config/scopes/find-workspace.ts';
import { userFolders } from '../../../platform/config/scopes/folders/user-folders.ts';
import { readVersion } from '../../../platform/release/read-version.ts';
import { askCodex } from '../../codex/codex-program.ts';
import type { CliContext } from '../../context.ts';
import { parseCodexConfig, type CodexConfigFile } from '../../codex/codex-config-file.ts';
import type { CodexFacts, CodexHomeFacts } from '../facts.ts';
import { findDaemon } from './find-daemon.ts';
import { listHooks } from './list-hooks.ts';

/** Looks at Codex: its program, its home, its configuration; its login is asked for, never read. */
export async function gatherCodex(context: CliContext): Promise<Omit<CodexFacts, 'tries'>> {
  const { rootDir, cwd, env, home } = context;
  const folder = userFolders(home, env).codex;
  const program = await askCodex({ cwd, env });
  const homeFacts = lookAtHome(folder, valueOf(env, 'CODEX_HOME') !== undefined);
  return {
    program,
    testedVersions: readVersion(rootDir).testedCodexVersions,
    home: homeFacts,
    config: readConfig(join(folder, 'config.toml')),
    profiles: readProfiles(folder),
    projectConfigs: readProjectConfigs(cwd, folder),
    // Codex would fill a folder that is not there.
    hooks: program !== undefined && homeFacts.exists ? await listHooks(context) : { kind: 'not-asked' },
    daemon: await findDaemon(context, folder),
  };
}

function lookAtHome(folder: string, isNamed: boolean): CodexHomeFacts {
  const exists = statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
  const envFile = readText(join(folder, '.env')) ?? '';
  return {
    ...{ folder, isNamed, exists },
    isTemporary: isWithin(realPath(tmpdir()), realPath(folder)),
    setsBaseUrl: /^\s*(?:export\s+)?OPENAI_BASE_URL\s*=/m.test(envFile),
  };
}

/** Where links lead; of what does not exist, the nearest part that does. */
function realPath(path: string): string {
  if (existsSync(path) || dirname(path) === path) return realpathSync(path);
  return join(realPath(dirname(path)), path.slice(dirname(path).length));
}

function readConfig(file: string): CodexConfigFile | undefined {
  const text = readText(file);
  return text === undefined ? undefined : parseCodexConfig(text, file);
}

function readProfiles(folder: string): CodexFacts['profiles'] {
  const suffix = '.config.toml';
  return namesIn(folder)
    .filter((name) => name.endsWith(suffix))
    .flatMap((name) => {
      const config = readConfig(join(folder, name));
      return config === undefined ? [] : [{ ...config, name: name.slice(0, -suffix.length) }];
    });
}

/** From here up to the root of the project, as Codex looks for them. */
function readProjectConfigs(cwd: string, codexHome: string): CodexConfigFile[] {
  const found: CodexConfigFile[] = [];
  for (let folder = cwd; ; folder = dirname(folder)) {
    const own = join(folder, '.codex');
    const config = own === codexHome ? undefined : readConfig(join(own, 'config.toml'));
    if (config !== undefined) found.push(config);
    if (existsSync(join(folder, '.git')) || dirname(folder) === folder) return found;
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Missing, or not for this user: Codex cannot read it either.
    return undefined;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
