import type { RoundItem } from './round.ts';

/** For whoever reads an answer and holds no call back. */
export const holdsNone = (): boolean => false;

/** Whether the client has something to run. */
export function hasCalls(items: readonly RoundItem[]): boolean {
  return items.some(({ call }) => call !== undefined);
}
