import type { PermissionRule } from '../../kernel/permission-rule.ts';
import type { PermissionMode } from './permission-mode.ts';

/** What a decision depends on besides the call and the rules. */
export interface PolicyContext {
  /** Absolute; what a call's relative paths and most patterns of path rules start from. */
  readonly cwd: string;
  readonly home: string;
  readonly mode: PermissionMode;
  /** Absolute folders that count as working directories besides `cwd`. */
  readonly additionalDirectories?: readonly string[];
  /** What runs shell lines, where that is known; else what bash and what zsh makes of them counts. */
  readonly shell?: 'bash';
  /** The MCP servers that there are: a rule's name may be read as that of several. */
  readonly servers?: readonly string[];
  /** Rules for this call only, of a command's `allowed-tools` for example. */
  readonly extraRules?: readonly PermissionRule[];
  /** Hears of a rule that counts as being about a file since it could not be tested in time. */
  readonly onUntested?: (rule: Pick<PermissionRule, 'source' | 'behavior'>) => void;
  /** The absolute path without links that a path leads to; `undefined` when there is nothing. */
  readonly realpath: (path: string) => string | undefined;
  /** The absolute paths that bash would put in place of a pattern in a folder. */
  readonly glob: (pattern: string, directory: string) => readonly string[];
}
