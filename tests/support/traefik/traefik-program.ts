import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { installLitellm } from '../../../middleware/upstreams/litellm/install/install.ts';
import { collectedLog } from '../collected-log.ts';
import { rootDir } from '../compose-middleware.ts';

/** The Traefik of requirements.txt, installed once for all runs as LiteLLM is: by uv or pip, each file checked against its hash. */
export async function traefikProgram(): Promise<string> {
  const folder = join(rootDir, '.state', 'tests', 'traefik');
  await mkdir(folder, { recursive: true });
  await copyFile(join(import.meta.dirname, 'requirements.txt'), join(folder, 'requirements.txt'));
  await copyFile(join(rootDir, 'litellm', 'uv.txt'), join(folder, 'uv.txt'));
  const result = await installLitellm({
    litellmDir: folder,
    env: process.env,
    log: collectedLog().log,
    signal: new AbortController().signal,
  });
  if (result.kind !== 'installed') throw new Error(`Traefik could not be installed: ${result.reason}`);
  return join(dirname(result.python), process.platform === 'win32' ? 'traefik.exe' : 'traefik');
}
