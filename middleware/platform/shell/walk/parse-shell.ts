import {
  forEachChild,
  parse,
  type ArithmeticExpression,
  type Redirect,
  type Script,
  type SyntaxNode,
} from 'unbash';
import type { ShellCommand, ShellParse } from '../shell-command.ts';
import { startState } from '../shell-state.ts';
import { walkScript } from './walk-script.ts';

export interface ShellStart {
  /** The absolute folder in which the shell starts, or several in which it may. */
  readonly directories: readonly string[];
  /** What `~` and `$HOME` stand for. */
  readonly home: string;
  /** Whether something else may have set variables before: the script around this one. */
  readonly isNested?: boolean;
  /** Whether the line may be for zsh as well: what either shell makes of it counts then. */
  readonly mayBeZsh?: boolean;
}

const maxLength = 100_000;
/** Words, and five for each command; those of a loop count each time that it is gone through. */
const maxParts = 20_000;

/**
 * Takes a line or a script for bash apart into the commands that it may run. Nothing is run and no file is looked at.
 * What bash would refuse, and what we might read differently from bash, is not parsed.
 */
export function parseShell(source: string, start: ShellStart): ShellParse {
  if (source.length > maxLength) return { parsed: false, reason: 'the command is too long to be checked' };
  // Bash drops them, so that the words around one become one.
  if (source.includes('\0')) return { parsed: false, reason: 'the command contains a NUL character' };
  try {
    return parsed(source, start);
  } catch (error) {
    // The parser calls itself for what is nested, and so does whoever looks at its trees.
    if (!(error instanceof RangeError)) throw error;
    return { parsed: false, reason: 'the command is nested too deeply to be checked' };
  }
}

function parsed(source: string, start: ShellStart): ShellParse {
  const script = parse(source);
  const fault = faultIn(script);
  if (fault !== undefined) return { parsed: false, reason: fault };
  const commands = commandsOf(script, source, start);
  return commands === undefined
    ? { parsed: false, reason: 'the command has too many parts to be checked' }
    : { parsed: true, commands };
}

function commandsOf(script: Script, source: string, start: ShellStart): readonly ShellCommand[] | undefined {
  const commands: ShellCommand[] = [];
  let left = maxParts;
  const found = (command: ShellCommand): void => {
    commands.push(command);
  };
  const spend = (parts: number): void => {
    left -= parts;
    if (left < 0) throw new TooManyParts();
  };
  try {
    walkScript(script.commands, startState(start), source, { found, spend });
    return commands;
  } catch (error) {
    if (error instanceof TooManyParts) return undefined;
    throw error;
  }
}

class TooManyParts extends Error {}

/** Why a tree is not to be trusted: the parser goes on after an error, and says so only at the place. */
function faultIn(node: SyntaxNode): string | undefined {
  const own = ownFault(node);
  if (own !== undefined) return own;
  let fault: string | undefined;
  forEachChild(node, (child) => {
    fault ??= faultIn(child);
  });
  return fault;
}

function ownFault(node: SyntaxNode): string | undefined {
  if (node.type === 'Script') return node.errors?.[0]?.message;
  if (node.type === 'Redirect') return redirectFault(node);
  if (node.type === 'Unknown') return 'an expansion could not be read';
  if (node.type === 'CommandExpansion' || node.type === 'ProcessSubstitution')
    return node.script === undefined ? 'a nested command could not be read' : undefined;
  if (node.type === 'ArithmeticExpansion') return arithmeticFault(node.expression, node.text);
  if (node.type === 'ArithmeticCommand') return arithmeticFault(node.expression, node.body);
  return undefined;
}

function arithmeticFault(expression: ArithmeticExpression | undefined, text: string): string | undefined {
  return expression === undefined && /\w/.test(text)
    ? 'an arithmetic expression could not be read'
    : undefined;
}

/** Bash ends `>&-` and `<&-` there, so that `<&-rm x` runs rm; the parser takes what follows for the target. */
function redirectFault({ operator, target }: Redirect): string | undefined {
  const runsOn = operator.endsWith('&') && /^-./.test(target?.text ?? '');
  return runsOn ? 'a redirection runs into the word behind it' : undefined;
}
