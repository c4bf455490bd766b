import { realpathSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import type { CodexConfig } from '../../platform/config/config.ts';
import { valueOf, type Environment } from '../../platform/config/environment.ts';

/**
 * Why Codex would run no command with this home; `undefined` where it does, or has none to run.
 * It puts the programs that start its sandbox there, and refuses that in a folder for temporary files, without a word to us.
 */
export function temporaryHome(
  { home, sandbox }: Pick<CodexConfig, 'home' | 'sandbox'>,
  env: Environment,
): string | undefined {
  if (sandbox === 'no-commands' || process.platform === 'win32') return undefined;
  // As Rust's env::temp_dir() has it, which Codex asks.
  const temporary = realOf(valueOf(env, 'TMPDIR') ?? '/tmp');
  const isIn = `${realOf(home)}${sep}`.startsWith(`${temporary}${sep}`);
  return isIn
    ? `${home} is in ${temporary}, a folder for temporary files, from which Codex runs no command; name another, or switch commands off`
    : undefined;
}

/** Also of what is not there yet, as far as there is something above it. */
function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(realOf(above), basename(path));
  }
}
