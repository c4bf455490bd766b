import type { ConfigFamily, ConfigSource } from '../../kernel/config-source.ts';

/** A command as its place on the disk tells it, before its file is read. */
export interface CommandFile {
  /** What is typed after the slash: `component`, `frontend:component`. */
  readonly name: string;
  /** The folders above it, joined with `:`; empty for a command at the top. */
  readonly namespace: string;
  /** The name without its folders, where that calls it too. */
  readonly bareName: string | undefined;
  readonly kind: 'markdown' | 'skill' | 'javascript' | 'python';
  /** Its scope and family; `source.file` is the command's own file. */
  readonly source: ConfigSource;
}

/** What a command's front matter asks for. */
export interface CommandSettings {
  /** The other name that a skill gives itself, and that calls it too. */
  readonly alias: string | undefined;
  readonly description: string | undefined;
  readonly whenToUse: string | undefined;
  readonly argumentHint: string | undefined;
  /** Rules that allow tools while the command's turn lasts, the shell lines of the command included. */
  readonly allowedTools: readonly string[];
  readonly disallowedTools: readonly string[];
  /** Names that stand for the first, second … argument. */
  readonly argumentNames: readonly string[];
  readonly model: string | undefined;
  readonly effort: string | undefined;
  /** Whether a user may call it; otherwise only the model does. */
  readonly userInvocable: boolean;
  /** Whether the model is not told of it. */
  readonly disableModelInvocation: boolean;
  /** Hooks for the time after the command ran, in the shape that settings files have; not checked. */
  readonly hooks: unknown;
}

/** A command, read from its file. */
export interface Command extends CommandFile, CommandSettings {
  /** Never empty: the front matter's, or the body's first line. */
  readonly description: string;
  /** The Markdown below the front matter; empty for a script, which is run instead. */
  readonly body: string;
  /** SHA-256 in hex of the file that all of this was read from: what is trusted is what was read. */
  readonly contentHash: string;
  /** What is run of a script, as it was read; `undefined` where it is only listed. */
  readonly script: Buffer | undefined;
}

/** How positional arguments are counted: as the folder's family does, or from `$0` or `$1` everywhere. */
export type Positionals = 'auto' | 'zero' | 'one';

/** The number of the first positional argument: Claude Code counts from `$0`, our own folders and Codex's from `$1`. */
export function firstPositional(family: ConfigFamily, setting: Positionals): 0 | 1 {
  if (setting !== 'auto') return setting === 'zero' ? 0 : 1;
  return family === 'claude' ? 0 : 1;
}
