import { randomBytes, randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { LitellmConfig } from '../../platform/config/config.ts';
import { makeFolder } from '../../platform/store/make-folder.ts';

export type MasterKey =
  { readonly kind: 'key'; readonly key: string } | { readonly kind: 'fault'; readonly reason: string };

type KeyConfig = Pick<LitellmConfig, 'masterKey' | 'masterKeyFile'>;

/** The key of LiteLLM's documentation; everybody knows it, and LiteLLM does not start with it. */
const publicKey = 'sk-1234';

/**
 * The key that the environment gives, or the one in the key file; where neither is there, one is made and kept in
 * the file.
 */
export async function ensureMasterKey(config: KeyConfig): Promise<MasterKey> {
  const known = await findMasterKey(config);
  if (known !== undefined) return known;
  const { masterKeyFile: file } = config;
  try {
    makeFolder(dirname(file));
    const draft = `${file}.${randomUUID()}`;
    await writeFile(draft, `sk-${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
    try {
      // Fails when another process was faster; then its key counts.
      await link(draft, file);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    } finally {
      await rm(draft);
    }
  } catch (error) {
    return fault(
      `${file} cannot be written (${codeOf(error)}): make its folder writable, or set LITELLM_MASTER_KEY`,
    );
  }
  return (await findMasterKey(config)) ?? fault(`${file} is empty: delete it, and a new key is made`);
}

/** The key that the environment gives, or the one in the key file; `undefined` where neither is there yet. */
export async function findMasterKey({
  masterKey,
  masterKeyFile: file,
}: KeyConfig): Promise<MasterKey | undefined> {
  if (masterKey !== undefined) return checked(masterKey, 'LITELLM_MASTER_KEY');
  try {
    const key = (await readFile(file, 'utf8')).trim();
    return key === '' ? undefined : checked(key, file);
  } catch (error) {
    const code = codeOf(error);
    return code === 'ENOENT'
      ? undefined
      : fault(`${file} cannot be read (${code}): allow this user to read it`);
  }
}

function checked(key: string, source: string): MasterKey {
  if (key !== publicKey) return { kind: 'key', key };
  return fault(
    `${source} holds ${publicKey}, the key of LiteLLM's documentation: put another one there, or none`,
  );
}

function fault(reason: string): MasterKey {
  return { kind: 'fault', reason };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
