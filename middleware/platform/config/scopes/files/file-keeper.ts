import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileFault, type FileFault } from './config-problem.ts';
import type { FileAccess } from './file-access.ts';
import { KeptFiles, type FileBudget } from './kept-files.ts';

export type Parsed<T> =
  | { readonly kind: 'good'; readonly value: T; readonly faults: readonly FileFault[] }
  | { readonly kind: 'broken'; readonly fault: FileFault };

/** What counts of a file now. The same object as before for as long as nothing changed. */
export interface KeptFile<T> {
  readonly exists: boolean;
  /** The last good content; `undefined` when there was none. */
  readonly value: T | undefined;
  readonly faults: readonly FileFault[];
}

interface FileKeeperOptions<T> {
  readonly parse: (bytes: Buffer) => Parsed<T>;
  readonly maxBytes: number;
  /** Of all files that are kept; one that falls out is read again. */
  readonly budget: FileBudget;
  /** Time that whoever writes gets to finish before a broken, empty or vanished file is taken as it is. */
  readonly settleMs: number;
}

interface Kept<T> {
  readonly file: KeptFile<T>;
  /** `undefined`: to be read again at the next look. */
  readonly stampId: string | undefined;
  readonly digest: string;
  /** Of the content that counts; what is made of it takes about as much. */
  readonly bytes: number;
}

type Look<T> =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly reason: string }
  | { readonly kind: 'unchanged'; readonly kept: Kept<T> }
  | {
      readonly kind: 'changed';
      readonly digest: string;
      readonly id: string;
      readonly stampId: string | undefined;
      readonly bytes: number;
      readonly parsed: Parsed<T>;
    };

const settleAttempts = 5;

/**
 * Reads files when they changed and keeps their last good content: a file that breaks is reported and goes on to count
 * as it was, until it is mended or removed.
 */
export class FileKeeper<T> {
  readonly #options: FileKeeperOptions<T>;
  readonly #kept: KeptFiles<Kept<T>>;
  readonly #none: KeptFile<T> = { exists: false, value: undefined, faults: [] };

  constructor(options: FileKeeperOptions<T>) {
    this.#options = options;
    this.#kept = new KeptFiles(options.budget);
  }

  async look(path: string, access: FileAccess): Promise<KeptFile<T>> {
    const before = this.#kept.get(path);
    const stamp = await access.stamp(path);
    if (before === undefined && stamp.kind === 'absent') return this.#none;
    if (before?.stampId !== undefined && 'id' in stamp && stamp.id === before.stampId) return before.file;
    const look = await this.#readFinished(path, before, access);
    if (look === undefined) return before?.file ?? this.#none;
    if (look.kind === 'absent') {
      this.#kept.delete(path);
      return this.#none;
    }
    const kept = keep(look, before);
    this.#kept.set(path, kept, kept.bytes);
    return kept.file;
  }

  /**
   * Editors write in several steps: what looks unfinished counts only once two looks in a row found the same and nobody
   * wrote in between. `undefined` when that does not come and there is something to keep: the next who asks looks again.
   */
  async #readFinished(
    path: string,
    before: Kept<T> | undefined,
    access: FileAccess,
  ): Promise<Look<T> | undefined> {
    let look = await this.#read(path, before, access);
    for (let attempt = 0; attempt < settleAttempts; attempt++) {
      if (!looksUnfinished(look, before)) return look;
      await sleep(this.#options.settleMs);
      const next = await this.#read(path, before, access);
      if (isSame(look, next)) return next;
      look = next;
    }
    return before === undefined ? look : undefined;
  }

  async #read(path: string, before: Kept<T> | undefined, access: FileAccess): Promise<Look<T>> {
    const reading = await access.read(path, this.#options.maxBytes);
    if (reading.kind !== 'bytes') return reading;
    const digest = createHash('sha256').update(reading.bytes).digest('base64');
    const stampId = reading.isSettled ? reading.id : undefined;
    if (before?.digest === digest) return { kind: 'unchanged', kept: { ...before, stampId } };
    const parsed = this.#options.parse(reading.bytes);
    return { kind: 'changed', digest, id: reading.id, stampId, bytes: reading.bytes.length, parsed };
  }
}

function isSame<T>(one: Look<T>, other: Look<T>): boolean {
  if (one.kind !== 'changed' || other.kind !== 'changed') return one.kind === other.kind;
  return one.digest === other.digest && one.id === other.id;
}

function looksUnfinished<T>(look: Look<T>, before: Kept<T> | undefined): boolean {
  switch (look.kind) {
    case 'absent':
      return before !== undefined;
    case 'unreadable':
      return before?.file.value !== undefined && !hasFault(before, look.reason);
    case 'unchanged':
      return false;
    case 'changed':
      return look.parsed.kind === 'broken' || look.bytes === 0;
  }
}

function keep<T>(look: Exclude<Look<T>, { kind: 'absent' }>, before: Kept<T> | undefined): Kept<T> {
  switch (look.kind) {
    case 'unreadable': {
      const isKnown = before !== undefined && hasFault(before, look.reason);
      const file = isKnown ? before.file : broken(fileFault(look.reason), before);
      return { file, stampId: undefined, digest: '', bytes: before?.bytes ?? 0 };
    }
    case 'unchanged':
      return look.kept;
    case 'changed': {
      const { parsed, stampId, digest, bytes } = look;
      if (parsed.kind === 'broken') {
        return { file: broken(parsed.fault, before), stampId, digest, bytes: before?.bytes ?? 0 };
      }
      return { file: { exists: true, value: parsed.value, faults: parsed.faults }, stampId, digest, bytes };
    }
  }
}

function hasFault<T>({ file }: Kept<T>, reason: string): boolean {
  return file.faults[0]?.reason === reason;
}

/** Faults of the good content are not told any more: what they name may stand elsewhere now. */
function broken<T>(fault: FileFault, before: Kept<T> | undefined): KeptFile<T> {
  return { exists: true, value: before?.file.value, faults: [fault] };
}
