import type { HookEntry } from '../config/hook-entry.ts';
import type { HookEffects } from '../hook-effects.ts';
import { matchesWildcard } from '../../../platform/config/scopes/matches-wildcard.ts';
import type { ProjectSnapshot } from '../../../platform/config/scopes/project-snapshot.ts';

type Settings = Pick<ProjectSnapshot['settings'], 'entries'>;

/**
 * Why settings forbid an address to `http` hooks; `undefined` where they do not. Without `allowedHttpHookUrls`
 * every address may be called, with an empty list none.
 */
export function addressFault(url: string, settings: Settings): string | undefined {
  const patterns = listed('allowedHttpHookUrls', settings);
  return patterns?.some((pattern) => matchesWildcard(pattern, url)) === false
    ? 'allowedHttpHookUrls does not have its address'
    : undefined;
}

/** A hook with those of its variables that `httpHookAllowedEnvVars` has as well. */
export function withAllowedVariables(entry: HookEntry, settings: Settings): HookEntry {
  const { handler } = entry;
  const names = listed('httpHookAllowedEnvVars', settings);
  if (handler.kind !== 'http' || names === undefined) return entry;
  const allowedEnvVars = handler.allowedEnvVars.filter((name) => names.includes(name));
  return { ...entry, handler: { ...handler, allowedEnvVars } };
}

/** Posts to the addresses that settings allow, and rejects for any other. */
export function postWithin(settings: Settings, post: HookEffects['post']): HookEffects['post'] {
  return (request) => {
    const fault = addressFault(request.url, settings);
    return fault === undefined ? post(request) : Promise.reject(new Error(fault));
  };
}

/** `undefined` where no file has the list. What is no list allows nothing: whoever wrote it wanted a limit. */
function listed(key: string, { entries }: Settings): readonly string[] | undefined {
  const entry = entries.get(key);
  if (entry === undefined) return undefined;
  if (entry.kind === 'value') return [];
  return entry.items.map(({ value }) => value).filter((value) => typeof value === 'string');
}
