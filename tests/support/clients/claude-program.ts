import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { rootDir } from '../compose-middleware.ts';

/** The Claude Code that docs/clients.md was measured with. */
export const claudeVersion = '2.1.332';

/**
 * The folder of the real Claude Code's program. It has 400 MB and a licence that no tree of ours may hold, so it is no
 * dependency: it is installed below `.state/clients` when a test first asks for it.
 */
export async function claudeFolder(): Promise<string> {
  const folder = join(rootDir, '.state', 'clients', `claude-${claudeVersion}`);
  const programs = join(folder, 'node_modules', '.bin');
  if (existsSync(join(programs, 'claude'))) return programs;
  await mkdir(folder, { recursive: true });
  const options = ['--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync(
    'npm',
    ['install', '--prefix', folder, ...options, `@anthropic-ai/claude-code@${claudeVersion}`],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  return programs;
}
