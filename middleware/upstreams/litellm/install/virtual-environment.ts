import { createHash } from 'node:crypto';
import { access, chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The folder of LiteLLM's virtual environments: one for each lock that was installed, and `active.json`, which names the one
 * in use. That file is written last, so an installation that broke off is never used, and whatever a killed installer still
 * writes goes into a folder that nobody reads.
 */
export class VirtualEnvironments {
  readonly #root: string;
  readonly #lockSha256: string;

  constructor(root: string, lock: Buffer) {
    this.#root = root;
    this.#lockSha256 = createHash('sha256').update(lock).digest('hex');
  }

  /** A file for the lock under which environments are made. */
  get lockFile(): string {
    return join(this.#root, 'install.lock');
  }

  /** The Python of the environment that was installed for this lock on this kind of machine, if there is one. */
  async activePython(): Promise<string | undefined> {
    const active = await this.#readActive();
    if (active?.lockSha256 !== this.#lockSha256 || active.platform !== platform) return undefined;
    const python = pythonIn(join(this.#root, active.folder));
    // Its base may have been taken away with an update of the system.
    return (await exists(python)) ? python : undefined;
  }

  async createRoot(): Promise<void> {
    await mkdir(this.#root, { recursive: true });
  }

  /** An empty folder for a new environment. */
  createFolder(): Promise<string> {
    return mkdtemp(join(this.#root, `${this.#lockSha256.slice(0, 12)}-`));
  }

  /**
   * Makes a finished environment the one in use. The one that was in use stays, since a LiteLLM of before may still run in
   * it; older ones go.
   */
  async activate(folder: string): Promise<void> {
    // mkdtemp opens it to its maker alone; root may have installed it for a service that runs as another user.
    await chmod(folder, 0o755);
    const name = folder.slice(this.#root.length + 1);
    const before = await this.#readActive();
    const active: Active = { folder: name, lockSha256: this.#lockSha256, platform };
    const written = join(this.#root, 'active.json.new');
    await writeFile(written, `${JSON.stringify(active)}\n`);
    await rename(written, join(this.#root, 'active.json'));
    for (const entry of await readdir(this.#root)) {
      if (!/^[0-9a-f]{12}-/.test(entry) || entry === name || entry === before?.folder) continue;
      await rm(join(this.#root, entry), { recursive: true, force: true });
    }
  }

  async #readActive(): Promise<Active | undefined> {
    try {
      const value: unknown = JSON.parse(await readFile(join(this.#root, 'active.json'), 'utf8'));
      return isActive(value) ? value : undefined;
    } catch {
      // Missing or damaged: both mean that there is nothing to rely on, and it is made anew.
      return undefined;
    }
  }
}

interface Active {
  readonly folder: string;
  readonly lockSha256: string;
  readonly platform: string;
}

/** A checkout may be shared between machines, a container and its host for example. */
const platform = `${process.platform}-${process.arch}`;

function isActive(value: unknown): value is Active {
  return (
    typeof value === 'object' &&
    value !== null &&
    'folder' in value &&
    typeof value.folder === 'string' &&
    'lockSha256' in value &&
    'platform' in value
  );
}

/** The interpreter of a virtual environment. */
export function pythonIn(folder: string): string {
  return process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
}

/**
 * Files that Python would run at every start by itself, which is how stolen packages hide. None of the locked packages has
 * one; the one that some versions of uv write is known.
 */
export async function unexpectedStartupFiles(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const sitePackages of await sitePackagesIn(folder)) {
    for (const name of await readdir(sitePackages)) {
      if (!name.endsWith('.pth') && !/^(?:site|user)customize\b/.test(name)) continue;
      const file = join(sitePackages, name);
      if (name === '_virtualenv.pth' && (await readFile(file, 'utf8')).trim() === 'import _virtualenv')
        continue;
      found.push(file);
    }
  }
  return found;
}

async function sitePackagesIn(folder: string): Promise<string[]> {
  const onWindows = join(folder, 'Lib', 'site-packages');
  if (process.platform === 'win32') return [onWindows];
  const versions = await readdir(join(folder, 'lib'));
  return versions
    .filter((name) => name.startsWith('python'))
    .map((name) => join(folder, 'lib', name, 'site-packages'));
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch {
    return false;
  }
}
