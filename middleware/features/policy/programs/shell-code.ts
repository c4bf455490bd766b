import type { ShellWord } from '../../../platform/shell/shell-command.ts';
import { scriptOf, unread, type Started } from './started.ts';

const longOptions =
  /^--(?:login|posix|norc|noprofile|noediting|verbose|restricted|debugger|debug|protected|wordexp|no-rcs|no-globalrcs)$/;

/** What the options of a shell come to. */
interface ShellOptions {
  readonly operands: readonly ShellWord[];
  readonly isUnread: boolean;
  readonly hasScript: boolean;
  readonly readsInput: boolean;
}

/**
 * The script that a shell is started with: `bash -c SCRIPT`, the option alone, with others (`-lc`) or behind others
 * (`+e -c`). A script in a file is not looked into; one on standard input cannot be.
 */
export function shellCode(args: readonly ShellWord[]): readonly Started[] {
  if (args.length === 1 && /^--(?:version|help)$/.test(args[0]?.value ?? '')) return [];
  const { operands, isUnread, hasScript, readsInput } = shellOptions(args);
  if (hasScript || isUnread) return [...(isUnread ? [unread] : []), ...scriptOf(operands.slice(0, 1))];
  return readsInput || isFromElsewhere(operands[0]) ? [unread] : [];
}

function shellOptions(args: readonly ShellWord[]): ShellOptions {
  let isUnread = false;
  let letters = '';
  let at = 0;
  for (;;) {
    const text = valueAt(args, at);
    if (!/^[-+]/.test(text)) break;
    at += 1;
    if (text === '--' || text === '-') break;
    if (longOptions.test(text)) continue;
    isUnread ||= !/^[-+][abcefhiklmnopqrstuvxBCDEHOPT]+$/.test(text);
    letters += text.replace(/^\+.*/, '');
    // These take their value from the next word.
    at += text.match(/[oO]/g)?.length ?? 0;
  }
  const operands = args.slice(at);
  return {
    operands,
    isUnread: isUnread || operands.slice(0, 1).some(({ value }) => value === undefined),
    hasScript: letters.includes('c'),
    readsInput: letters.includes('s'),
  };
}

function valueAt(args: readonly ShellWord[], at: number): string {
  return args[at]?.value ?? '';
}

function isFromElsewhere(file: ShellWord | undefined): boolean {
  return file?.value === undefined || /^\/(?:dev|proc)\//.test(file.value);
}
