import { join } from 'node:path';
import type { ConfigSource } from '../../../kernel/config-source.ts';

/**
 * A script that sees every prompt before it goes out, or every text of an answer before the client does. It is found by
 * its name, `.claude/hooks/pre_input.*` or `post_output.*`, and needs no line in a settings file.
 */
export interface ScriptHook {
  readonly slot: ScriptSlot;
  /** Absolute path. */
  readonly path: string;
  /** `pre_input.py`, as messages call it. */
  readonly name: string;
  /** The program that runs it, with its arguments. */
  readonly file: string;
  readonly args: readonly string[];
  readonly source: ConfigSource;
}

export type ScriptSlot = 'pre_input' | 'post_output';

/** A folder `hooks` of a configuration, with the names of the files in it. */
export interface HooksFolder {
  /** Absolute path. */
  readonly dir: string;
  readonly names: readonly string[];
  readonly source: ConfigSource;
}

interface Interpreters {
  /** Node itself: what runs us runs a user's script. */
  readonly node: string;
  /** The first line of a file, without its end. */
  readonly firstLine: (path: string) => string;
}

/** In this order: where a folder has several, the first is used. */
const endings = ['sh', 'py', 'js', 'mjs', 'cjs'] as const;

/** The scripts of all folders, in the order of the folders; one for each slot and folder. */
export function findScriptHooks(
  folders: readonly HooksFolder[],
  interpreters: Interpreters,
): readonly ScriptHook[] {
  return folders.flatMap((folder) =>
    (['pre_input', 'post_output'] as const).flatMap((slot) => {
      const ending = endings.find((end) => folder.names.includes(`${slot}.${end}`));
      return ending === undefined ? [] : [scriptOf(folder, slot, ending, interpreters)];
    }),
  );
}

function scriptOf(
  { dir, source }: HooksFolder,
  slot: ScriptSlot,
  ending: (typeof endings)[number],
  { node, firstLine }: Interpreters,
): ScriptHook {
  const name = `${slot}.${ending}`;
  const path = join(dir, name);
  const script = { slot, path, name, source };
  switch (ending) {
    case 'sh':
      return { ...script, file: /^#!.*\bbash\b/.test(firstLine(path)) ? 'bash' : 'sh', args: [path] };
    case 'py':
      // Unbuffered, or a streaming script would say nothing until the end.
      return { ...script, file: process.platform === 'win32' ? 'python' : 'python3', args: ['-u', path] };
    case 'js':
    case 'mjs':
    case 'cjs':
      return { ...script, file: node, args: [path] };
  }
}
