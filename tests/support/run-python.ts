import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { installLitellm } from '../../middleware/upstreams/litellm/install/install.ts';
import { collectedLog } from './collected-log.ts';
import { rootDir } from './compose-middleware.ts';

/** The Python that LiteLLM is installed for, with all that stands in its pinned requirements: LiteLLM itself, OpenAI's SDK. */
export async function litellmPython(): Promise<string> {
  const { log } = collectedLog();
  const { signal } = new AbortController();
  const installed = await installLitellm({
    ...{ litellmDir: join(rootDir, 'litellm'), env: process.env, log, signal },
  });
  if (installed.kind !== 'installed') throw new Error(installed.reason);
  return installed.python;
}

/** Runs a script of this folder: it reads `input` as JSON and prints JSON. Rejects with what it says where it fails. */
export function runPython(python: string, script: string, input: unknown): Promise<unknown> {
  const env = { ...process.env, LITELLM_LOCAL_MODEL_COST_MAP: 'True', LITELLM_LOG: 'CRITICAL' };
  return new Promise((resolve, reject) => {
    const args = ['-I', join(rootDir, 'tests', 'support', script)];
    const child = execFile(python, args, { env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (error === null) resolve(JSON.parse(stdout));
      else reject(new Error(stderr));
    });
    child.stdin?.end(JSON.stringify(input));
  });
}
