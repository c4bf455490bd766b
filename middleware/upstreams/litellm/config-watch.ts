import { readFile } from 'node:fs/promises';

/**
 * Watches a small file's content by reading it again and again. Nothing else notices every edit: editors and deployments
 * replace files, and shared folders and containers send no events. An edit counts when two looks in a row found the same,
 * since editors write in several steps.
 */
export class ConfigWatch {
  readonly #file: string;
  readonly #intervalMs: number;
  #interval: NodeJS.Timeout | undefined;
  #taken: string | undefined;
  #seen: string | undefined;
  #changed = Promise.withResolvers<undefined>();

  constructor(file: string, intervalMs: number) {
    this.#file = file;
    this.#intervalMs = intervalMs;
  }

  /** The file's text, `undefined` when there is none; from now on `changed` waits for another. */
  async read(): Promise<string | undefined> {
    this.#interval ??= setInterval(() => void this.#look(), this.#intervalMs).unref();
    const text = await readText(this.#file);
    this.#taken = text;
    this.#seen = text;
    this.#changed = Promise.withResolvers();
    return text;
  }

  /** Resolves when the file's text is no longer the one that was read last. */
  get changed(): Promise<undefined> {
    return this.#changed.promise;
  }

  close(): void {
    clearInterval(this.#interval);
  }

  async #look(): Promise<void> {
    const text = await readText(this.#file);
    if (text !== this.#taken && text === this.#seen) this.#changed.resolve(undefined);
    this.#seen = text;
  }
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    // Whoever reads it next says that it is missing or must not be read.
    return undefined;
  }
}
