import type { HookEntry } from './hook-entry.ts';

/** What settings say about hooks as a whole. */
export interface HookSwitches {
  /** `disableAllHooks` of any file. */
  readonly areDisabled: boolean;
  /** `allowManagedHooksOnly` of the enterprise's file. */
  readonly onlyManaged: boolean;
}

/** The hooks that may run at all; those of the enterprise always do. */
export function selectHooks(
  entries: readonly HookEntry[],
  { areDisabled, onlyManaged }: HookSwitches,
): readonly HookEntry[] {
  if (!areDisabled && !onlyManaged) return entries;
  return entries.filter(({ source }) => source.scope === 'enterprise');
}
