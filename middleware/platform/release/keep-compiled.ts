import { join } from 'node:path';
import { enableCompileCache } from 'node:module';

/**
 * Has Node keep what it compiles of our modules, and of those that they need, for the next start: to strip types and compile them takes
 * as long as all the rest of it. Beside the packages, and not in the system's folder for temporary files: others may write there, and what is
 * kept is run. Where the folder cannot be written, as in an image, everything is compiled at each start.
 */
export function keepCompiled(rootDir: string): void {
  enableCompileCache(join(rootDir, 'node_modules', '.cache', 'codex-plus'));
}
