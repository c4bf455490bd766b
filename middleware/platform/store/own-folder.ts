import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../../kernel/errors.ts';
import { makeFolder } from './make-folder.ts';
import { exclusively, takeLock } from '../process/exclusive.ts';

const pollMs = 20;
const ofSomebody = /^(of-[\da-f-]{36})\.lock$/;

/**
 * A folder for temporary files that this instance alone has, among those of others that share its parent. The lock beside
 * it is the operating system's, and held as long as this object is: it goes with a process that is killed, and whoever
 * comes next takes away what was left.
 */
export class OwnFolder {
  /** It is there once it was taken. */
  readonly path: string;
  readonly #parent: string;
  readonly #closed = new AbortController();
  #taking: Promise<void> | undefined;
  #lock: { readonly letGo: () => void } | undefined;

  constructor(parent: string) {
    this.#parent = parent;
    this.path = join(parent, `of-${randomUUID()}`);
  }

  /**
   * Makes it, and takes away those whose instances are gone. Rejects where that cannot be; it may be asked again, as whoever
   * tidies up may have taken it away.
   */
  async take(): Promise<void> {
    // Without its lock nobody would take away what is left of it.
    if (this.#lock !== undefined && !existsSync(lockOf(this.path))) this.#taking = undefined;
    this.#taking ??= this.#take();
    try {
      await this.#taking;
    } catch (error) {
      this.#taking = undefined;
      throw error;
    }
    makeFolder(this.path);
  }

  /** A new folder in it, for its owner alone. What whoever tidies up took away is made again. */
  async makeWithin(prefix: string): Promise<string> {
    const make = (): Promise<string> => mkdtemp(join(this.path, prefix));
    try {
      return await make();
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
      await this.take();
      return await make();
    }
  }

  /** Takes it away. */
  async close(): Promise<void> {
    this.#closed.abort();
    await Promise.allSettled([this.#taking]);
    if (this.#lock === undefined) return;
    await removeFolder(this.path);
    this.#lock.letGo();
    await rm(lockOf(this.path), { force: true });
  }

  async #take(): Promise<void> {
    makeFolder(this.#parent);
    // Nobody looks at a lock that is made and not taken yet.
    const options = { file: join(this.#parent, 'lock'), signal: this.#closed.signal, pollMs };
    await exclusively(options, async () => {
      await removeLeft(this.#parent);
      const lock = takeLock(lockOf(this.path));
      // It is held already where it was asked for twice at once.
      if (lock === undefined) return;
      this.#lock?.letGo();
      this.#lock = lock;
    });
  }
}

async function removeLeft(parent: string): Promise<void> {
  for (const file of await readdir(parent)) {
    const name = ofSomebody.exec(file)?.[1];
    const lock = name === undefined ? undefined : takeLock(join(parent, file));
    if (name === undefined || lock === undefined) continue;
    await removeFolder(join(parent, name));
    lock.letGo();
    await rm(join(parent, file), { force: true });
  }
}

function removeFolder(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true });
}

function lockOf(path: string): string {
  return `${path}.lock`;
}
