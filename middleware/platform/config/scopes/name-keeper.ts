import type { FileAccess } from './file-access.ts';

/** Lists folders and keeps the last good list: a folder that cannot be read goes on to count as it was. */
export class NameKeeper {
  readonly #access: FileAccess;
  readonly #kept = new Map<string, readonly string[]>();

  constructor(access: FileAccess) {
    this.#access = access;
  }

  async look(folder: string): Promise<readonly string[]> {
    const names = (await this.#access.names(folder)) ?? this.#kept.get(folder) ?? [];
    this.#kept.set(folder, names);
    return names;
  }
}
