import type { HookEntry } from '../../features/hooks/hook-entry.ts';
import { matchesWildcard } from '../../platform/config/scopes/matches-wildcard.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import { trustTexts } from '../trust/trust-state.ts';
import type { ListedHook } from './list-hooks.ts';

/** Why a hook that matches is not run by a test; `undefined` for one that is. Trust is left to the caller. */
export function skipReason(
  { entry, isDisabled }: ListedHook,
  { settings }: Pick<ProjectSnapshot, 'settings'>,
): string | undefined {
  if (isDisabled) return 'a setting switches it off';
  const { handler } = entry;
  switch (handler.kind) {
    case 'command':
      return undefined;
    case 'http':
      return isAllowed(handler.url, settings) ? undefined : 'allowedHttpHookUrls does not have its address';
    case 'mcp_tool':
      return 'a test calls no MCP tool';
    case 'prompt':
      return 'a test asks no model';
    case 'agent':
      return 'agent hooks are not supported';
  }
}

/** Why a hook waits, as far as trust goes; `undefined` for one that may run. */
export function trustReason({ trust }: Pick<ListedHook, 'trust'>): string | undefined {
  return trust === 'waiting' || trust === 'denied' ? trustTexts[trust] : undefined;
}

/** Hooks that would be run twice for one event: the same command runs once. */
export function repeats(entry: HookEntry, earlier: readonly HookEntry[]): boolean {
  const handler = JSON.stringify(entry.handler);
  return earlier.some((other) => JSON.stringify(other.handler) === handler);
}

function isAllowed(url: string, { entries }: ProjectSnapshot['settings']): boolean {
  const allowed = entries.get('allowedHttpHookUrls');
  if (allowed?.kind !== 'list') return true;
  return allowed.items.some(({ value }) => typeof value === 'string' && matchesWildcard(value, url));
}
