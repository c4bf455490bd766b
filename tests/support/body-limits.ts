import { createBodyBudget } from '../../middleware/http/read/body-budget.ts';
import type { BodyLimits } from '../../middleware/http/read/read-body.ts';

/** Bounds for bodies that come at once. */
export function bodyLimits(maxBytes: number, maxBytesInFlight: number): BodyLimits {
  const settingName = (setting: string): string => `server.${setting}`;
  const shareOf = createBodyBudget(maxBytesInFlight, settingName('maxBodyBytesInFlight'));
  return { maxBytes, idleMs: 60_000, shareOf, settingName };
}
