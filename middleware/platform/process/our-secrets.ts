import { join } from 'node:path';
import type { Config } from '../config/config.ts';

/** Names of files with keys, in the folder that the middleware is installed in. */
const keyFiles = ['.env', '.env.local', '.env.production'];

/** What no command of a project may read, wherever the middleware is installed and whatever it may see there. */
export function ourSecrets(
  {
    stateDir,
    litellm,
  }: Pick<Config, 'stateDir'> & { readonly litellm: Pick<Config['litellm'], 'masterKeyFile' | 'configFile'> },
  rootDir: string,
): readonly string[] {
  // Providers' keys may stand in LiteLLM's file as well.
  return [
    stateDir,
    litellm.masterKeyFile,
    litellm.configFile,
    ...keyFiles.map((name) => join(rootDir, name)),
  ];
}
