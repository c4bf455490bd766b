import type { ShellWord } from '../../../platform/shell/shell-command.ts';

/** What a command starts besides itself. */
export type Started =
  | { readonly kind: 'command'; readonly words: readonly ShellWord[] }
  | { readonly kind: 'script'; readonly text: string }
  /** Something that nobody can read: options of a starter that are not in its manual, a script from a pipe. */
  | { readonly kind: 'unread' }
  /** Words or a script that it may start, and may use for something else. */
  | { readonly kind: 'suspect'; readonly words: readonly ShellWord[] }
  | { readonly kind: 'suspect-script'; readonly text: string };

export const unread: Started = { kind: 'unread' };

/**
 * A script that some words make up. Where not all of them are known, it is looked at as written, and not all is
 * known of it.
 */
export function scriptOf(words: readonly ShellWord[]): readonly Started[] {
  const text = words.map(({ value, text: written }) => value ?? written.replace(/^"|"$/g, '')).join(' ');
  const script: Started = { kind: 'script', text };
  return words.every(({ value }) => value !== undefined) ? [script] : [unread, script];
}
