import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import { callAppServer, type AppServerOptions } from './app-server.ts';
import { mcpId } from '../../protocol/codex/mcp-id.ts';

/** A hook of ours as Codex knows it; it runs only when its present hash is written down as trusted. */
export interface HookState {
  readonly key: string;
  readonly hash: string;
}

/**
 * Our hooks in a `config.toml` that is not written yet, with the hashes that make Codex run them: Codex reads it in
 * a home of its own, so that all of a change can be shown before it is made. Empty where Codex does not tell.
 */
export async function ourHookStates(
  text: string,
  file: string,
  options: AppServerOptions,
): Promise<HookState[]> {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'codex-plus-')));
  const draft = join(home, 'config.toml');
  try {
    writeFileSync(draft, text, { mode: 0o600 });
    const env = { ...options.env, CODEX_HOME: home };
    const answer = await callAppServer('hooks/list', { cwds: [options.cwd] }, { ...options, env });
    return listed(answer)
      .filter((hook) => hook['server'] === mcpId && hook['sourcePath'] === draft)
      .flatMap(({ key, currentHash }) =>
        typeof key === 'string' && typeof currentHash === 'string'
          ? [{ key: key.replace(draft, () => file), hash: currentHash }]
          : [],
      );
  } catch {
    // An older Codex, or one that cannot read this file from elsewhere: it asks its user about the hooks then.
    return [];
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

function listed(answer: unknown): JsonObject[] {
  return listAt(answer, 'data').flatMap((place) =>
    listAt(place, 'hooks').filter((hook) => isJsonObject(hook)),
  );
}

function listAt(value: unknown, key: string): readonly unknown[] {
  const member = isJsonObject(value) ? value[key] : undefined;
  return Array.isArray(member) ? member : [];
}
