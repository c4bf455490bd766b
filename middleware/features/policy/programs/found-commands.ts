import { unknownWord, type ShellWord } from '../../../platform/shell/shell-command.ts';
import { unread, type Started } from './started.ts';

const actions = new Set(['-exec', '-execdir', '-ok', '-okdir']);

/** What `find -exec` starts. The names of the files that it finds are not known. */
export function foundCommands(args: readonly ShellWord[]): readonly Started[] {
  // A variable outside of quotes may become several words, actions among them.
  const started: Started[] = args.some(({ value, text }) => value === undefined && !text.startsWith('"'))
    ? [unread]
    : [];
  for (let at = 0; at < args.length; at += 1) {
    if (!actions.has(args[at]?.value ?? '')) continue;
    const end = endOf(args, at + 1);
    const words = args.slice(at + 1, end).map(withoutName);
    if (words.length > 0) started.push({ kind: 'command', words });
    at = end;
  }
  return started;
}

/** A `+` ends the command only behind `{}`. */
function endOf(args: readonly ShellWord[], from: number): number {
  const end = args.findIndex(
    ({ value }, index) =>
      index >= from && (value === ';' || (value === '+' && args[index - 1]?.value === '{}')),
  );
  return end < 0 ? args.length : end;
}

function withoutName(word: ShellWord): ShellWord {
  return word.value?.includes('{}') === true ? unknownWord(word.text, 'expansion') : word;
}
