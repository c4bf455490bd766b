import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ownFile, type PlannedFile } from '../../features/install/planned-file.ts';
import { readTextFile } from '../../platform/store/read-text-file.ts';

export type Direction = 'codex-to-claude' | 'claude-to-codex';

export const directions: readonly Direction[] = ['codex-to-claude', 'claude-to-codex'];

/** What both layouts have in the same form. */
const shared = ['commands', 'hooks', 'settings.json', 'settings.local.json'];

/**
 * Copies of the commands, hooks and settings of one layout for the other, in a project or a home folder. What is
 * there already stays. Positional arguments are renumbered: `.claude` counts from `$0`, `.codex` from `$1`.
 */
export function planMigration(place: string, direction: Direction): PlannedFile[] {
  const [from, to] =
    direction === 'codex-to-claude' ? (['.codex', '.claude'] as const) : (['.claude', '.codex'] as const);
  const shift = direction === 'codex-to-claude' ? -1 : 1;
  return shared.flatMap((name) =>
    filesBelow(join(place, from), name).flatMap((file) => {
      const target = join(place, to, file);
      const text = readTextFile(join(place, from, file));
      if (text === undefined || existsSync(target)) return [];
      const isCommand = name === 'commands' && file.endsWith('.md');
      return [ownFile(target, isCommand ? renumbered(text, shift) : text)];
    }),
  );
}

/** `$1` becomes `$0`, or the other way round; `\$1` and `$1x` are no arguments and stay. */
function renumbered(text: string, shift: number): string {
  return text.replace(/(?<![\\$])\$(\d+)(?!\w)/g, (whole, digits: string) => {
    const next = Number(digits) + shift;
    return next < 0 ? whole : `$${next}`;
  });
}

function filesBelow(folder: string, name: string): string[] {
  const path = join(folder, name);
  if (!existsSync(path)) return [];
  if (name.endsWith('.json')) return [name];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}
