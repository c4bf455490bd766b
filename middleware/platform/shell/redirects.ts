import type { HereDoc, HereString, Redirect, Redirection, RedirectOperator } from 'unbash';
import { expandUnsplit } from './expand-word.ts';
import { unknownWord, type ShellRedirect } from './shell-command.ts';
import type { ShellState } from './shell-state.ts';

/** What redirections open, one entry for each file that a target may become. */
export function redirectsOf(
  redirections: readonly Redirection[],
  state: ShellState,
): readonly ShellRedirect[] {
  return redirections.flatMap((redirection): readonly ShellRedirect[] => {
    switch (redirection.type) {
      case 'HereDoc':
        return [{ kind: 'text', target: undefined, runsCommands: runsCommands(redirection) }];
      case 'HereString':
        return targets(redirection, 'text', state);
      case 'Redirect':
        return targets(redirection, kindOf(redirection), state);
    }
  });
}

function targets(
  { target }: Redirect | HereString,
  kind: ShellRedirect['kind'],
  state: ShellState,
): readonly ShellRedirect[] {
  const words = target === undefined ? [unknownWord('', 'expansion')] : expandUnsplit(target, state);
  return words.map((word) => ({ kind, target: word, runsCommands: false }));
}

const kinds: Readonly<Record<RedirectOperator, ShellRedirect['kind']>> = {
  '<': 'read',
  '<>': 'read-write',
  '<&': 'descriptor',
  '>&': 'write',
  '>': 'write',
  '>>': 'write',
  '>|': 'write',
  '&>': 'write',
  '&>>': 'write',
};

function kindOf({ operator, target }: Redirect): ShellRedirect['kind'] {
  // `>&2` and `>&-` are descriptors, `>&file` is `&>file`.
  const isDescriptor = operator === '>&' && /^(?:\d+-?|-)$/.test(target?.text ?? '');
  return isDescriptor ? 'descriptor' : kinds[operator];
}

function runsCommands({ delimiter, body }: HereDoc): boolean {
  if (delimiter?.quoted === true) return false;
  return (
    /[`]|\$\(|\$\{[\s|]/.test(body.text) ||
    (body.parts ?? []).some((part) => part.type === 'CommandExpansion')
  );
}
