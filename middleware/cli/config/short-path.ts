import { visibleLine } from '../../kernel/visible-text.ts';
import { shortPath as plainPath, type Places } from '../../features/built-ins/source-markdown.ts';

export type { Places };

/** A path as people write it: from the project's folder, from `~`, or in full; nothing hides in it. */
export function shortPath(path: string, places: Places): string {
  return visibleLine(plainPath(path, places), 300);
}
