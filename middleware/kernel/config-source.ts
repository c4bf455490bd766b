/** Who wrote a piece of configuration; in this order the earlier wins, the others add up. */
export const scopes = ['enterprise', 'cli', 'local', 'project', 'user'] as const;

export type Scope = (typeof scopes)[number];

/** Which program's layout a file follows: ours, Claude Code's, or the same formats below `.codex`. */
export type ConfigFamily = 'codexplus' | 'claude' | 'codex';

/** Where a setting, a rule, a command or a hook comes from. */
export interface ConfigSource {
  readonly scope: Scope;
  readonly family: ConfigFamily;
  /** Absolute path of the file, or `command line`. */
  readonly file: string;
  /** Absolute folder that a leading slash in a path rule stands for: the project's, or `~/.claude` for the user's file. */
  readonly baseDir: string;
}
