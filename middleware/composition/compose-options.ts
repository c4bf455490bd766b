import type { Log } from '../kernel/log.ts';
import type { Config } from '../platform/config/config.ts';
import type { Environment } from '../platform/config/environment.ts';
import type { SettingsPlace } from '../platform/config/settings-place.ts';
import type { Version } from '../platform/release/read-version.ts';
import type { LitellmTier } from '../upstreams/litellm/litellm-tier.ts';

/** What the middleware is put together from; the entry file makes it. */
export interface ComposeOptions {
  readonly config: Config;
  readonly env: Environment;
  readonly log: Log;
  readonly litellm: LitellmTier;
  readonly version: Version;
  /** Absolute path of the home folder of whoever runs the middleware. */
  readonly homeDir: string;
  /** Who calls where no key is asked; by itself whoever runs the middleware. */
  readonly keyless?: 'local' | 'guest';
  /** A clock that only goes forward, in milliseconds: how old what was read is goes by it. */
  readonly now: () => number;
  /** Where faults say that a setting is; in the file by itself. */
  readonly settingsPlace?: SettingsPlace;
}
