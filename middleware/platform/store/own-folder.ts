import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import { makeFolder } from './make-folder.ts';
import { exclusively, takeLock } from '../process/exclusive.ts';
import { removeFolder } from './remove-folder.ts';

const pollMs = 20;
interface Lock {
  readonly letGo: () => void;
}

const ofSomebody = /^(of-[\da-f-]{36})\.lock$/;

/**
 * A folder for temporary files that this instance alone has, among those of others that share its parent. The lock beside
 * it is the operating system's, and held as long as this object is: it goes with a process that is killed, and whoever
 * comes next takes away what was left. What cannot be taken away is told in the log, and stops nobody.
 */
export class OwnFolder {
  /** It is there once it was taken. */
  readonly path: string;
  readonly #parent: string;
  readonly #log: Pick<Log, 'warn'>;
  readonly #closed = new AbortController();
  #taking: Promise<void> | undefined;
  #lock: Lock | undefined;

  constructor(parent: string, log: Pick<Log, 'warn'>) {
    this.#parent = parent;
    this.#log = log;
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

  /** Takes away a folder in it. */
  async removeWithin(path: string): Promise<void> {
    await this.#tried(path, () => removeFolder(path));
  }

  /** Takes it away. */
  async close(): Promise<void> {
    this.#closed.abort();
    await Promise.allSettled([this.#taking]);
    const lock = this.#lock;
    if (lock !== undefined) await this.#tried(this.path, () => removeLocked(this.path, lock));
  }

  async #take(): Promise<void> {
    makeFolder(this.#parent);
    // Nobody looks at a lock that is made and not taken yet.
    const options = { file: join(this.#parent, 'lock'), signal: this.#closed.signal, pollMs };
    await exclusively(options, async () => {
      await this.#removeLeft();
      const lock = takeLock(lockOf(this.path));
      // It is held already where it was asked for twice at once.
      if (lock === undefined) return;
      this.#lock?.letGo();
      this.#lock = lock;
    });
  }

  async #removeLeft(): Promise<void> {
    for (const file of await readdir(this.#parent)) {
      const name = ofSomebody.exec(file)?.[1];
      if (name === undefined) continue;
      const path = join(this.#parent, name);
      await this.#tried(path, async () => {
        const lock = takeLock(lockOf(path));
        if (lock !== undefined) await removeLocked(path, lock);
      });
    }
  }

  async #tried(path: string, remove: () => Promise<void>): Promise<void> {
    try {
      await remove();
    } catch (error) {
      this.#log.warn('a folder for temporary files cannot be taken away', { path, error });
    }
  }
}

/** Where that fails the file of its lock stays: whoever comes next tries it again. */
async function removeLocked(path: string, lock: Lock): Promise<void> {
  try {
    await removeFolder(path);
  } finally {
    lock.letGo();
  }
  await rm(lockOf(path), { force: true });
}

function lockOf(path: string): string {
  return `${path}.lock`;
}
