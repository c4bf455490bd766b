import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import OpenAI from 'openai';
import type { JsonObject } from '../../middleware/kernel/json-object.ts';
import { codexProgram } from './codex-program.ts';
import { composeMiddleware, rootDir, type ComposedMiddleware } from './compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from './fake-upstream/fake-upstream.ts';

/** The real Codex as a model of a middleware, whose `gpt-5` is scripted. */
export interface CodexAsModel {
  readonly upstream: FakeUpstream;
  readonly middleware: ComposedMiddleware;
  readonly client: OpenAI;
  readonly close: () => Promise<void>;
}

/** A folder for the state of the middleware. Not among those for temporary files: Codex runs no commands from one. */
export function makeStateDir(name: string): string {
  const testsDir = join(rootDir, '.state', 'tests');
  mkdirSync(testsDir, { recursive: true });
  return mkdtempSync(join(testsDir, `${name}-`));
}

interface CodexOptions {
  /** What LiteLLM tells of `gpt-5`. */
  readonly modelInfo?: JsonObject;
  /** Further models of LiteLLM. */
  readonly others?: readonly JsonObject[];
  readonly env?: Readonly<Record<string, string>>;
}

/** `stateDir` goes with it. */
export async function startCodexAsModel(
  stateDir: string,
  { modelInfo = {}, others = [], env = {} }: CodexOptions = {},
): Promise<CodexAsModel> {
  const upstream = await startFakeUpstream();
  upstream.deploys([
    {
      model_name: 'gpt-5',
      litellm_params: { model: 'openai/gpt-5' },
      model_info: { id: 'one', ...modelInfo },
    },
    ...others,
  ]);
  const middleware = await composeMiddleware(upstream.url, {
    ...{ CODEX_PLUS_CODEX_ENABLED: 'true', CODEX_PLUS_CODEX_PROGRAM: codexProgram },
    CODEX_PLUS_STATE_DIR: stateDir,
    ...env,
  });
  return {
    ...{ upstream, middleware },
    client: new OpenAI({ baseURL: `${middleware.url}/v1`, apiKey: 'unused', maxRetries: 0 }),
    close: async () => {
      await middleware.close();
      await upstream.close();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}
