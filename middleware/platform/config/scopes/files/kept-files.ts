import { BoundedMap, type SizeBound } from '../../../../kernel/bounds/bounded-map.ts';

export interface FilesBound {
  readonly maxFiles: number;
  /** What the contents of all files may take together; what is made of them takes about as much. */
  readonly maxTotalBytes?: number;
}

const maxTotalBytes = 128 * 1024 * 1024;

interface Use {
  readonly bytes: number;
  /** Makes whoever keeps the file forget it. */
  readonly drop: () => void;
}

/**
 * The bound on what several keepers of files hold together. The file that was not used for longest is forgotten
 * first, whosever it is.
 */
export class FileBudget {
  readonly #uses: BoundedMap<object, Use>;

  constructor({ maxFiles, maxTotalBytes: maxSize = maxTotalBytes }: FilesBound) {
    const bound: SizeBound<object, Use> = {
      maxSize,
      sizeOf: ({ bytes }) => bytes,
      onDropped: ({ drop }) => {
        drop();
      },
    };
    this.#uses = new BoundedMap(maxFiles, bound);
  }

  add(file: object, use: Use): void {
    this.#uses.set(file, use);
  }

  touch(file: object): void {
    this.#uses.get(file);
  }

  remove(file: object): void {
    this.#uses.delete(file);
  }
}

interface Entry<T> {
  readonly value: T;
}

/** What one keeper holds of files, by their paths, within a budget that others may share. */
export class KeptFiles<T> {
  readonly #entries = new Map<string, Entry<T>>();
  readonly #budget: FileBudget;

  constructor(budget: FileBudget) {
    this.#budget = budget;
  }

  get(path: string): T | undefined {
    const entry = this.#entries.get(path);
    if (entry !== undefined) this.#budget.touch(entry);
    return entry?.value;
  }

  set(path: string, value: T, bytes: number): void {
    this.delete(path);
    const entry = { value };
    this.#entries.set(path, entry);
    this.#budget.add(entry, { bytes: bytes + path.length, drop: () => this.#entries.delete(path) });
  }

  delete(path: string): void {
    const entry = this.#entries.get(path);
    if (entry === undefined) return;
    this.#entries.delete(path);
    this.#budget.remove(entry);
  }
}
