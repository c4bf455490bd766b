import type { JsonObject } from '../kernel/json-object.ts';
import type { Log } from '../kernel/log.ts';
import type { Environment } from '../platform/config/environment.ts';

/** How the middleware is put together; all of it may be left out. */
export interface CodexPlusOptions {
  /** Where the app mounts it, as `app.use` has it. Upgrades alone need it: Express has no part in them. `/` by itself. */
  readonly path?: string;
  /** In place of `config/codex_plus.json`, with the same members. The environment counts over it. */
  readonly settings?: JsonObject;
  /** The variables that are read, keys of providers included; `process.env` by itself. */
  readonly env?: Environment;
  /** The folder with the user's own `.claude` and `.codex`; the home folder of whoever runs the process by itself. */
  readonly homeDir?: string;
  /** Takes the log's lines; by itself they go to stdout. */
  readonly log?: Log;
}
