import { openUsageLedger, type UsageLedger } from '../features/usage/usage-ledger.ts';
import { createSwitchedOffRoute } from '../http/routes/switched-off.ts';
import { createUsageRoute, usagePaths } from '../http/routes/usage.ts';
import { settingName } from '../platform/config/settings-place.ts';
import type { ComposeOptions } from './compose-options.ts';

interface ComposedUsage {
  /** `undefined` where it is switched off or cannot be kept. */
  readonly ledger: UsageLedger | undefined;
  readonly route: ReturnType<typeof createUsageRoute>;
}

/** What calls used, kept and told. */
export function composeUsage({ config, log, settingsPlace }: ComposeOptions): ComposedUsage {
  if (!config.usage.enabled) {
    const setting = settingName(settingsPlace, 'usage.enabled');
    return { ledger: undefined, route: createSwitchedOffRoute(usagePaths, setting) };
  }
  const ledger = openUsageLedger(config.stateDir, log);
  return { ledger, route: createUsageRoute(ledger) };
}
