import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runCli, type CliRun } from '../../support/run-cli.ts';
import { sparePort } from '../../support/spare-port.ts';
import { makeTestFolder } from '../../support/start-middleware.ts';

/** A port, a state folder and a home of a test's own, without LiteLLM; and `codex-plus` in them, through its script. */
export interface ScriptPlace {
  readonly folder: string;
  readonly url: string;
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
  readonly run: (args: readonly string[], more?: Readonly<Record<string, string>>) => Promise<CliRun>;
  /** Ends what a test left running, and removes all. */
  readonly remove: () => Promise<void>;
}

export async function createScriptPlace(): Promise<ScriptPlace> {
  const folder = await makeTestFolder('script');
  const port = await sparePort();
  const env = {
    HOME: folder,
    CODEX_PLUS_PORT: String(port),
    CODEX_PLUS_STATE_DIR: join(folder, 'state'),
    CODEX_PLUS_LITELLM_MODE: 'off',
    // Without any provider's key it could not answer model calls.
    OPENAI_API_KEY: 'sk-made-up',
  };
  const run: ScriptPlace['run'] = (args, more = {}) =>
    runCli(args, { env: { ...env, ...more }, cwd: folder });
  return {
    ...{ folder, port, env, run },
    url: `http://127.0.0.1:${port}`,
    remove: async () => {
      await run(['stop']);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
