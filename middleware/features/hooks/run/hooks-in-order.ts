import type { HookEntry } from '../config/hook-entry.ts';
import { hookEvents } from '../hook-event.ts';

/** Hooks as every list shows them, by event; their place in it, from 1, is the number that names one. */
export function hooksInOrder(entries: readonly HookEntry[]): readonly HookEntry[] {
  return hookEvents.flatMap((event) => entries.filter((entry) => entry.event === event));
}
