import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach } from '@jest/globals';
import { composeMiddleware, rootDir, type ComposedMiddleware } from './compose-middleware.ts';
import { makeTestFolder } from './start-middleware.ts';

/** A program that answers as Codex's app-server does, by what it is asked. */
export const scriptedCodex = join(rootDir, 'tests', 'support', 'scripted-app-server.mjs');

export interface CodexOfTest {
  /** The state folder of the running test. */
  readonly folder: string;
  /** A middleware whose only model is this Codex; it is closed behind the test. */
  readonly start: (env?: Readonly<Record<string, string>>) => Promise<ComposedMiddleware>;
  /** How turns ended, as the other side wrote it down. */
  readonly ends: () => string;
}

/** Gives each test of a file a state folder of its own, in which it starts one middleware at most. */
export function useScriptedCodex(name: string): CodexOfTest {
  let folder = '';
  let middleware: ComposedMiddleware | undefined;
  beforeEach(async () => {
    folder = await makeTestFolder(name);
  });
  afterEach(async () => {
    await middleware?.close();
    middleware = undefined;
    await rm(folder, { recursive: true, force: true });
  });
  return {
    get folder() {
      return folder;
    },
    start: async (env = {}) =>
      (middleware = await composeMiddleware(undefined, {
        CODEX_PLUS_LITELLM_MODE: 'off',
        CODEX_PLUS_CODEX_ENABLED: 'true',
        CODEX_PLUS_CODEX_PROGRAM: scriptedCodex,
        CODEX_PLUS_STATE_DIR: folder,
        ...env,
      })),
    ends: () => {
      const file = join(folder, 'codex', 'home', 'turns.log');
      return existsSync(file) ? readFileSync(file, 'utf8') : '';
    },
  };
}
