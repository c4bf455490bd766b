import { randomUUID } from 'node:crypto';
import { chmod, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf, CodexPlusError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import { exclusively } from '../process/exclusive.ts';
import { makeFolder } from './make-folder.ts';

interface SharedFileOptions<T> {
  readonly file: string;
  /** What counts while there is no file, or none that can be relied on. */
  readonly empty: T;
  /** `undefined` for a text that is not ours. */
  readonly parse: (text: string) => T | undefined;
  readonly format: (value: T) => string;
  readonly log: Log;
}

type Content<T> =
  | { readonly kind: 'absent' }
  | { readonly kind: 'good'; readonly value: T }
  | { readonly kind: 'damaged'; readonly reason: string };

const lockWaitMs = 10_000;
const lockPollMs = 10;

/**
 * A file of state for its owner's eyes only, that several processes may read and change at once: it is replaced as a whole,
 * one change after the other. One that is damaged, or that others may write, is put aside and counts as empty.
 */
export class SharedFile<T> {
  readonly #options: SharedFileOptions<T>;
  readonly #file: string;
  readonly #log: Log;
  #isReadable = true;
  #known: { readonly stamp: string; readonly value: T } | undefined;

  constructor(options: SharedFileOptions<T>) {
    this.#options = options;
    this.#file = options.file;
    this.#log = options.log;
  }

  /** The content as it is now, also when another process has just changed it; the empty one when it cannot be read. */
  async read(): Promise<T> {
    try {
      const value = await this.#current();
      this.#isReadable = true;
      return value;
    } catch (error) {
      // Once, and not at every look.
      if (this.#isReadable) {
        this.#log.warn('a file of state cannot be read and counts as empty', { file: this.#file, error });
      }
      this.#isReadable = false;
      return this.#options.empty;
    }
  }

  /** Replaces the content by what is made of it, while no other process changes it. */
  async change(make: (value: T) => T): Promise<void> {
    try {
      makeFolder(dirname(this.#file));
      await this.#locked(async () => {
        await this.#replace(this.#options.format(make(await this.#valueOrAside())));
      });
    } catch (cause) {
      throw new CodexPlusError('internal', `${this.#file} could not be written: ${remedyFor(cause)}`, {
        cause,
      });
    }
  }

  async #current(): Promise<T> {
    const stamp = await stampOf(this.#file);
    if (stamp === undefined) return this.#options.empty;
    if (this.#known?.stamp === stamp) return this.#known.value;
    const content = await this.#look();
    if (content.kind === 'damaged') return this.#locked(() => this.#valueOrAside());
    const value = content.kind === 'good' ? content.value : this.#options.empty;
    // Replaced between the two looks, it is read again at the next.
    this.#known = { stamp, value };
    return value;
  }

  #locked<R>(work: () => Promise<R>): Promise<R> {
    const signal = AbortSignal.timeout(lockWaitMs);
    return exclusively({ file: `${this.#file}.lock`, signal, pollMs: lockPollMs }, work);
  }

  async #valueOrAside(): Promise<T> {
    const content = await this.#look();
    if (content.kind === 'good') return content.value;
    if (content.kind === 'absent') return this.#options.empty;
    const aside = `${this.#file}.damaged-${randomUUID()}`;
    await rename(this.#file, aside);
    const { reason } = content;
    this.#log.warn('a file of state was put aside and counts as empty', { file: this.#file, reason, aside });
    return this.#options.empty;
  }

  async #look(): Promise<Content<T>> {
    try {
      // Reading a pipe would wait for somebody who writes to it.
      if (!(await stat(this.#file)).isFile()) return { kind: 'damaged', reason: 'it is no file' };
      const text = await readFile(this.#file, 'utf8');
      if (await isOfOthers(this.#file)) return { kind: 'damaged', reason: 'others may write it' };
      const value = this.#options.parse(text);
      return value === undefined
        ? { kind: 'damaged', reason: 'its content is not ours' }
        : { kind: 'good', value };
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return { kind: 'absent' };
      throw error;
    }
  }

  async #replace(text: string): Promise<void> {
    const draft = `${this.#file}.${randomUUID()}`;
    try {
      await writeFile(draft, text, { flag: 'wx', mode: 0o600, flush: true });
      await chmod(draft, 0o600);
      await rename(draft, this.#file);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }
}

function remedyFor(cause: unknown): string {
  const code = codeOf(cause) ?? '';
  if (['ENOSPC', 'EDQUOT'].includes(code) || isFullForSqlite(cause))
    return 'its disk is full, or the quota is used up';
  if (['ENOENT', 'ENOTDIR', 'EEXIST'].includes(code)) {
    return 'its folder is not there and cannot be made; name another one with CODEX_PLUS_STATE_DIR';
  }
  return 'make its folder writable';
}

/** SQLite's own code, which the lock may end with: SQLITE_FULL. */
function isFullForSqlite(cause: unknown): boolean {
  return typeof cause === 'object' && cause !== null && 'errcode' in cause && cause.errcode === 13;
}

/** Changes whenever the file is replaced; `undefined` where there is none. */
async function stampOf(file: string): Promise<string | undefined> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether others may write a file. Whoever owns it may; who may write its folder can put one of his own there. */
async function isOfOthers(file: string): Promise<boolean> {
  // Windows has no such modes, and reports all files as writable.
  if (process.platform === 'win32') return false;
  const { mode, uid } = await stat(file);
  return (mode & 0o022) !== 0 || (uid !== 0 && uid !== process.geteuid?.());
}
