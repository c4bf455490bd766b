import type { TrustRecord } from '../../features/trust/trust-record.ts';
import type { TrustStore } from '../../features/trust/trust-store.ts';
import { CliError } from '../cli-error.ts';

/** The decisions that a hash, or the beginning of one, names. Throws a CliError where it names none, or several contents. */
export function recordsOf(hash: string, records: readonly TrustRecord[]): readonly TrustRecord[] {
  const found = records.filter((record) => record.hash.startsWith(hash.toLowerCase()));
  if (hash === '' || found.length === 0)
    throw new CliError(`nothing was decided about ${hash}; see: codex-plus trust list`);
  const hashes = new Set(found.map((record) => record.hash));
  if (hashes.size > 1)
    throw new CliError(`${hash} is the beginning of ${hashes.size} hashes; write more of it`);
  return found;
}

/** Forgets decisions; tells how many were kept. */
export async function forget(records: readonly TrustRecord[], store: TrustStore): Promise<number> {
  let count = 0;
  for (const record of records) if (await store.remove(record)) count += 1;
  return count;
}
