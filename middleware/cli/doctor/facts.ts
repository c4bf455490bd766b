import type { ConfigFault } from '../../platform/config/config-error.ts';
import type { LitellmConfig } from '../../platform/config/config.ts';
import type { Environment } from '../../platform/config/environment.ts';
import type { LitellmModels } from '../../platform/config/litellm-config.ts';
import type { CodexProgram } from '../codex/codex-program.ts';
import type { Health } from '../instance/find-instance.ts';
import type { CodexConfigFile } from '../codex/codex-config-file.ts';

/** All that the checks judge; gathered once, without changing anything. */
export interface Facts {
  readonly node: { readonly version: string; /** The oldest that will do. */ readonly oldest: string };
  readonly env: Environment;
  /** Not empty: the parts that need the configuration are not known. */
  readonly configFaults: readonly ConfigFault[];
  readonly middleware: MiddlewareFacts | undefined;
  readonly litellm: LitellmFacts | undefined;
  readonly codex: CodexFacts;
}

export interface MiddlewareFacts {
  /** Where it is, or would be. */
  readonly url: string;
  /** `undefined`: nothing answers there. */
  readonly health: Health | undefined;
  /** Why it could not listen there, where nothing answers. */
  readonly portFault: string | undefined;
  readonly asksForKey: boolean;
}

export interface LitellmFacts {
  readonly mode: LitellmConfig['mode'];
  /** Of its configuration file, as the linter finds them with this shell's environment. */
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
  readonly models: LitellmModels;
  readonly isInstalled: boolean;
  /** What it could be installed with; only looked for where it is not installed. */
  readonly installer: string | undefined;
  /** Why it could not listen, where nothing runs. */
  readonly portFault: string | undefined;
  /** Models whose cost nobody knows; `undefined` where it was not asked or does not tell. */
  readonly unpriced: readonly string[] | undefined;
}

export interface CodexFacts {
  /** `undefined`: not on PATH. */
  readonly program: CodexProgram | undefined;
  readonly testedVersions: readonly string[];
  readonly home: CodexHomeFacts;
  /** `config.toml`; `undefined` where there is none. */
  readonly config: CodexConfigFile | undefined;
  /** `NAME.config.toml`, used with `codex -p NAME`. */
  readonly profiles: readonly (CodexConfigFile & { readonly name: string })[];
  /** The `.codex/config.toml` of the project and of the folders between it and here. */
  readonly projectConfigs: readonly CodexConfigFile[];
  /** What came of asking the middleware as Codex does, by profile; only what failed. */
  readonly tries: readonly (CodexTry & { readonly profile?: string | undefined })[];
  readonly hooks: HookFacts;
  readonly daemon: DaemonFacts | undefined;
}

/** A request as Codex sends it that was not answered as it should be. */
export interface CodexTry {
  /** `undefined`: nobody answered. */
  readonly status: number | undefined;
  readonly reason: string;
  /** Codex adds its own login, which was not sent here. */
  readonly sendsLogin: boolean;
}

export interface CodexHomeFacts {
  readonly folder: string;
  /** By CODEX_HOME. */
  readonly isNamed: boolean;
  readonly exists: boolean;
  readonly isTemporary: boolean;
  /** Its `.env` sets OPENAI_BASE_URL. */
  readonly setsBaseUrl: boolean;
}

export type HookFacts =
  | { readonly kind: 'not-asked' }
  | { readonly kind: 'failed'; readonly reason: string }
  | {
      readonly kind: 'listed';
      readonly hooks: readonly ListedHook[];
      /** What Codex refuses in its configuration, in its own words. */
      readonly errors: readonly string[];
    };

/** A hook as Codex lists it. */
export interface ListedHook {
  readonly event: string;
  readonly isOurs: boolean;
  readonly isTrusted: boolean;
  readonly isEnabled: boolean;
  readonly file: string;
}

/** The background process that does the TUI's calls. */
export interface DaemonFacts {
  readonly pid: number;
  /** What it was started with; `undefined` where this system does not tell. */
  readonly env: Environment | undefined;
}
