import type { Direction } from '../install/plan-migration.ts';

/** What a call of `codex-plus init` says. */
export interface InitOptions {
  readonly yes?: boolean;
  readonly url?: string;
  readonly model?: string;
  readonly profile?: string;
  readonly claude?: boolean;
  readonly sdk?: boolean;
  readonly codex: boolean;
  readonly migrate?: Direction;
}
