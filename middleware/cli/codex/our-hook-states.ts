import { isJsonObject } from '../../kernel/json-object.ts';
import { callAppServer, type AppServerOptions } from './app-server.ts';
import { mcpId } from './provider-settings.ts';

/** A hook of ours as Codex knows it; it runs only when its present hash is written down as trusted. */
export interface HookState {
  readonly key: string;
  readonly hash: string;
}

/** Our hooks in a configuration file of Codex, with the hashes that make Codex run them. Empty where Codex does not tell. */
export async function ourHookStates(file: string, options: AppServerOptions): Promise<HookState[]> {
  const answer = await callAppServer('hooks/list', { cwds: [options.cwd] }, options).catch(() => undefined);
  const places = isJsonObject(answer) && Array.isArray(answer['data']) ? (answer['data'] as unknown[]) : [];
  return places
    .flatMap((place) =>
      isJsonObject(place) && Array.isArray(place['hooks']) ? (place['hooks'] as unknown[]) : [],
    )
    .flatMap((hook) => {
      if (!isJsonObject(hook) || hook['server'] !== mcpId || hook['sourcePath'] !== file) return [];
      const { key, currentHash } = hook;
      return typeof key === 'string' && typeof currentHash === 'string' ? [{ key, hash: currentHash }] : [];
    });
}
