import type { ConfigSource } from '../../kernel/config-source.ts';
import { shortPath, type Places } from './short-path.ts';

/** Where something is configured: the scope and the file. */
export function sourceText({ scope, file }: Pick<ConfigSource, 'scope' | 'file'>, places: Places): string {
  if (scope !== 'cli') return `${scope} ${shortPath(file, places)}`;
  return file === 'command line' ? file : `command line ${shortPath(file, places)}`;
}
