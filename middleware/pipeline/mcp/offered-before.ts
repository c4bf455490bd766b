import { BoundedMap } from '../../kernel/bounds/bounded-map.ts';
import type { ServersByGroup } from './tool-runner.ts';

const maxConversations = 2_000;
/** In characters. */
const maxTotalSize = 4 * 1024 * 1024;

const none: ServersByGroup = new Map();

/**
 * The servers whose tools the model of a conversation was offered so far. It goes on calling them when they are not configured
 * any more, and its client knows nothing of them.
 */
export class OfferedBefore {
  readonly #groups = new BoundedMap<string, ServersByGroup>(maxConversations, {
    maxSize: maxTotalSize,
    sizeOf: (groups, key) => [...groups].flat().reduce((size, text) => size + text.length, key.length),
  });

  get isEmpty(): boolean {
    return this.#groups.size === 0;
  }

  /** `key`: names the conversation; nothing is known of one without a name. */
  in(key: string | undefined): ServersByGroup {
    return (key === undefined ? undefined : this.#groups.get(key)) ?? none;
  }

  add(key: string | undefined, groups: ServersByGroup): void {
    const known = this.in(key);
    if (key === undefined || [...groups.keys()].every((group) => known.has(group))) return;
    this.#groups.set(key, new Map([...known, ...groups]));
  }
}
