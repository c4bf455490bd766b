import type { JsonObject } from '../../../kernel/json-object.ts';

/** Settings by their paths, as a file would have them: `server.port` is a member of `server`. */
export function nestedSettings(settings: ReadonlyMap<string, unknown>): JsonObject {
  const all: Record<string, unknown> = {};
  for (const [path, value] of settings) {
    const names = path.split('.');
    const last = names.pop() ?? '';
    let section = all;
    for (const name of names) section = (section[name] ??= {}) as Record<string, unknown>;
    section[last] = value;
  }
  return all;
}
