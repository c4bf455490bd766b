import { BoundedMap } from '../../../../kernel/bounds/bounded-map.ts';
import { roughSize } from '../../../../kernel/bounds/rough-size.ts';
import type { FileAccess } from './file-access.ts';

/** In characters. */
const maxSize = 16 * 1024 * 1024;

/**
 * Lists folders and keeps the last good list: a folder that cannot be read goes on to count as it was, unless too
 * many others were looked at since.
 */
export class NameKeeper {
  readonly #kept: BoundedMap<string, readonly string[]>;

  constructor(maxFolders: number) {
    this.#kept = new BoundedMap(maxFolders, {
      maxSize,
      sizeOf: (names, folder) => folder.length + roughSize(names),
    });
  }

  async look(folder: string, access: FileAccess): Promise<readonly string[]> {
    const names = (await access.names(folder)) ?? this.#kept.get(folder) ?? [];
    this.#kept.set(folder, names);
    return names;
  }
}
