import { ConfigError } from '../../platform/config/config-error.ts';
import type { CliContext } from '../context.ts';
import { findInstance, type FoundInstance } from './find-instance.ts';

/** Where `codex-plus api` or the two tiers run, and the other of them was looked for: which word means it; otherwise empty. */
export async function otherThatRuns(
  context: CliContext,
  { command, isApi }: { readonly command: string; readonly isApi: boolean },
): Promise<string> {
  const other = await findOther(context, !isApi);
  if (other?.health === undefined || other.instance?.pid !== other.health.pid) return '';
  return isApi
    ? `; both tiers run at ${other.url}: codex-plus ${command}`
    : `; codex-plus api runs at ${other.url}: codex-plus ${command} --api`;
}

async function findOther(context: CliContext, isApi: boolean): Promise<FoundInstance | undefined> {
  try {
    return await findInstance(context, undefined, isApi);
  } catch (error) {
    // Its settings may be at fault, which was not asked.
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}
