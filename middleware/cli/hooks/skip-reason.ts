import type { HookEntry } from '../../features/hooks/config/hook-entry.ts';
import { addressFault } from '../../features/hooks/run/http-hook-policy.ts';
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
      return addressFault(handler.url, settings);
    case 'mcp_tool':
      return 'a test calls no MCP tool';
    case 'prompt':
    case 'agent':
      return needsModel;
  }
}

/** A model is asked as whoever asks it themselves; nobody does in a test. */
const needsModel =
  'it asks the model of a session, with the credentials of its client: start the middleware, and try it in a session';

/** Why a hook waits, as far as trust goes; `undefined` for one that may run. */
export function trustReason({ trust }: Pick<ListedHook, 'trust'>): string | undefined {
  return trust === 'waiting' || trust === 'denied' ? trustTexts[trust] : undefined;
}

/** Hooks that would be run twice for one event: the same command runs once. */
export function repeats(entry: HookEntry, earlier: readonly HookEntry[]): boolean {
  const handler = JSON.stringify(entry.handler);
  return earlier.some((other) => JSON.stringify(other.handler) === handler);
}
