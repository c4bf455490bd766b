import type { Log } from '../../kernel/log.ts';

/** Clients say what a type of tool is called. */
const maxTypes = 100;
const maxLength = 64;

/** Which types of tools models of other providers were not offered; the log has each once. */
export class LeftOutTools {
  readonly #told = new Set<string>();

  tell(types: readonly string[], log: Log): void {
    const fresh = new Set(types.map((type) => type.slice(0, maxLength)));
    for (const type of fresh) {
      if (this.#told.has(type) || this.#told.size >= maxTypes) continue;
      this.#told.add(type);
      log.info("tools of this type are not offered to models of other providers than the client's", { type });
    }
  }
}
