import { dirname, join } from 'node:path';
import type { PermissionRule } from '../../kernel/permission-rule.ts';
import type { ShellCommand, ShellRedirect, ShellWord } from '../../platform/shell/shell-command.ts';
import type { Allowance } from './allowance.ts';
import { bashMatcher, oneSpaced } from './rules/bash-rules.ts';
import { textOf, type ExaminedShell } from './examine-shell.ts';
import { fileAllowance, isInside } from './file-allowance.ts';
import { namesOf } from './rules/path-rules.ts';
import type { PolicyContext } from './policy-context.ts';
import { isReadOnly } from './programs/read-only-commands.ts';
import { hiddenReasons, reasons, surroundingReasons, unknownReasons } from './reasons.ts';
import { isWholeTool, type ActiveRule } from './rules/rule-syntax.ts';
import {
  accessesOf,
  programAccesses,
  redirectAccesses,
  unresolvedUses,
  type FileAccess,
} from './shell-reads.ts';
import { commandBehindTransparent } from './programs/started-commands.ts';

/** What stands against a part of a line: a reason of its own, or only that nothing allows it. */
type Verdict =
  | { readonly allowed: true; readonly rule?: PermissionRule }
  | { readonly allowed: false; readonly reason: string | undefined };

/** Devices that anybody may read and write. */
const freeTargets = new Set(['/dev/null', '/dev/stdout', '/dev/stderr', '/dev/tty']);
/** Programs of which the question names the file. */
const fileChangers = new Set('touch mkdir rmdir rm mv cp ln tee sed truncate chmod'.split(' '));

/** Whether a shell line may run without a question: a rule for all of Bash, or every command in it is allowed. */
export function shellAllowance(
  examined: ExaminedShell,
  allowRules: readonly ActiveRule[],
  context: PolicyContext,
): Allowance {
  const forAll = allowRules.find((active) => active.tool === 'Bash' && isWholeTool(active));
  if (forAll !== undefined) return { allowed: true, rule: forAll.rule };
  if (examined.fault !== undefined) return { allowed: false, reason: examined.fault };
  const judge = new PartJudge(allowRules, context);
  const parts: string[] = [];
  let rule: PermissionRule | undefined;
  for (const command of examined.commands) {
    const verdict = judge.verdictOn(command);
    if (verdict.allowed) rule ??= verdict.rule;
    else if (verdict.reason === undefined) parts.push(oneSpaced(command.text));
    else return { allowed: false, reason: verdict.reason };
  }
  if (parts.length === 0) return rule === undefined ? { allowed: true } : { allowed: true, rule };
  const isOne = new Set(examined.commands.map(({ text }) => text)).size === 1;
  return {
    allowed: false,
    reason: isOne ? reasons.commandNotAllowed : reasons.partsNotAllowed([...new Set(parts)]),
  };
}

const notAllowed: Verdict = { allowed: false, reason: undefined };

class PartJudge {
  readonly #allowRules: readonly ActiveRule[];
  readonly #context: PolicyContext;

  constructor(allowRules: readonly ActiveRule[], context: PolicyContext) {
    this.#allowRules = allowRules;
    this.#context = context;
  }

  verdictOn(command: ShellCommand): Verdict {
    const problem =
      hiddenProblem(command) ??
      placeProblem(command) ??
      this.#redirectProblem(command) ??
      wordProblem(command.words);
    if (problem !== undefined) return { allowed: false, reason: problem };
    if (!command.sets.every((set) => isOwnName(set) || isHarmlessSetting(set))) return notAllowed;
    if (command.words.length === 0)
      return command.assignments.every(isOwnName) ? { allowed: true } : notAllowed;
    // A variable in its environment can change what a program does.
    if (!command.assignments.every(isHarmlessSetting) || !this.#isPlainGit(command)) return notAllowed;
    const rule = this.#ruleFor(command.words, oneSpaced(command.text));
    if (rule !== undefined) return { allowed: true, rule };
    return this.#withoutRule(command.words, command);
  }

  /** `written`: with the quotes that a rule may have as well. */
  #ruleFor(words: readonly ShellWord[], written?: string): PermissionRule | undefined {
    const [name] = words;
    if (name === undefined || name.pattern !== undefined || /\s/.test(textOf(name))) return undefined;
    const text = words.map(textOf).join(' ');
    const found = this.#allowRules.find(({ tool, spec }) => {
      if (tool !== 'Bash' || spec === undefined) return false;
      const matches = bashMatcher(spec);
      return matches(text) || (written !== undefined && /['"\\]/.test(spec) && matches(written));
    });
    const behind = commandBehindTransparent(words);
    return found?.rule ?? (behind === undefined ? undefined : this.#ruleFor(behind));
  }

  #withoutRule(words: readonly ShellWord[], command: ShellCommand): Verdict {
    const [name = '', ...args] = words.map(textOf);
    const { directories } = command;
    const accesses = programAccesses(words, directories.values, this.#context);
    if (name === 'cd') return this.#changeOfFolder(words, command);
    const hasPattern = words.some(({ pattern }) => pattern !== undefined);
    // Names that stand in a list, or come through a pipe, may be any.
    if (isReadOnly(name, args, hasPattern) && unresolvedUses(words, directories).length > 0)
      return notAllowed;
    if (isReadOnly(name, args, hasPattern)) return this.#reading(name, accesses, directories.open);
    const changed = accesses.find(({ access }) => access === 'write');
    if (changed !== undefined && fileChangers.has(name))
      return this.#changing(name, accesses, changed, directories.open);
    const behind = commandBehindTransparent(words);
    return behind === undefined || isLeftOpen(behind) ? notAllowed : this.#withoutRule(behind, command);
  }

  /** Whether nothing from a folder up to the session's looks like a repository of its own. */
  #isOwnRepository(folder: string): boolean {
    const { cwd, realpath } = this.#context;
    if (folder === cwd) return true;
    const isRepository = ['.git', 'HEAD'].some((name) => realpath(join(folder, name)) !== undefined);
    return !isRepository && folder.startsWith(`${cwd}/`) && this.#isOwnRepository(dirname(folder));
  }

  /**
   * Whether git runs in the session's repository and writes no file of its own: another one may have settings that start
   * programs, and `--output` is not what a rule for `git log` is about.
   */
  #isPlainGit({ words, directories: { open, values } }: ShellCommand): boolean {
    if (!words.some(({ value }) => value === 'git')) return true;
    // What comes through a pipe may be any option.
    if (words.some(({ value }) => value === 'xargs')) return false;
    return (
      !open &&
      values.every((folder) => this.#isOwnRepository(folder)) &&
      !words.some(({ value }) => /^--ou?t?p?u?t?(?:=|$)/.test(value ?? ''))
    );
  }

  #changeOfFolder([, target, ...more]: readonly ShellWord[], { directories }: ShellCommand): Verdict {
    if (target === undefined || more.length > 0) return notAllowed;
    const accesses = accessesOf({ role: 'read', word: target }, directories.values, this.#context);
    return this.#reading('cd', accesses, directories.open);
  }

  #reading(name: string, accesses: readonly FileAccess[], isElsewhere: boolean): Verdict {
    if (isElsewhere) return { allowed: false, reason: unknownReasons.variable };
    const refused = accesses.find(
      ({ access, path }) =>
        access === 'write' || !fileAllowance(path, 'read', this.#allowRules, this.#context).allowed,
    );
    if (refused === undefined) return { allowed: true };
    return refused.access === 'write'
      ? notAllowed
      : { allowed: false, reason: reasons.outside(`${name} in`, refused.path, this.#context.cwd) };
  }

  #changing(
    name: string,
    accesses: readonly FileAccess[],
    changed: FileAccess,
    isElsewhere: boolean,
  ): Verdict {
    const isMaking = name === 'mkdir' || name === 'touch';
    const isAllowed =
      isMaking &&
      !isElsewhere &&
      accesses.every(({ path }) => fileAllowance(path, 'edit', [], this.#context).allowed);
    return isAllowed
      ? { allowed: true }
      : { allowed: false, reason: this.#changeReason(`${name} in`, changed.path) };
  }

  #redirectProblem(command: ShellCommand): string | undefined {
    const { redirects, directories } = command;
    const word = redirects.map(redirectProblem).find((problem) => problem !== undefined);
    if (word !== undefined) return word;
    const accesses = redirectAccesses(command, this.#context).filter(({ path }) => !freeTargets.has(path));
    if (accesses.length > 0 && directories.open) return unknownReasons.variable;
    const refused = accesses.find(({ access, path }) => {
      const use = access === 'write' ? 'edit' : 'read';
      return !fileAllowance(path, use, this.#allowRules, this.#context).allowed;
    });
    if (refused === undefined) return undefined;
    return refused.access === 'write'
      ? this.#changeReason('Output redirection to', refused.path)
      : reasons.outside('Input redirection from', refused.path, this.#context.cwd);
  }

  #changeReason(what: string, path: string): string {
    const { realpath, cwd } = this.#context;
    const inside = namesOf(path, realpath).every((name) => isInside(name, this.#context));
    return inside ? reasons.change(what, path, cwd) : reasons.outside(what, path, cwd);
  }
}

/** What xargs adds is nobody's to know, but `echo` only prints it. */
function isLeftOpen([name, ...args]: readonly ShellWord[]): boolean {
  return name?.value !== 'echo' && [name, ...args].some((word) => word?.unknown === 'expansion');
}

function hiddenProblem({ hidden }: ShellCommand): string | undefined {
  return hidden === undefined ? undefined : hiddenReasons[hidden];
}

function placeProblem({ within }: ShellCommand): string | undefined {
  return within.map((surrounding) => surroundingReasons[surrounding]).find((reason) => reason !== undefined);
}

function redirectProblem({ kind, target, runsCommands }: ShellRedirect): string | undefined {
  if (runsCommands) return reasons.hereDocument;
  if (target === undefined) return undefined;
  // A pattern as a target is the one file that matches, whichever that is.
  if (kind !== 'text' && target.pattern !== undefined) return unknownReasons.expansion;
  return wordProblem([target]);
}

function wordProblem(words: readonly ShellWord[]): string | undefined {
  if (words[0]?.value === '((') return surroundingReasons.group;
  for (const { unknown, text } of words) {
    const problem = unknown === undefined ? undefined : unknownReasons[unknown];
    if (problem !== undefined) return problem;
    // Quoted stretches aside: there it is no escape of the shell's.
    if (/\\\s/.test(text.replace(/'[^']*'|"(?:\\[^]|[^"\\])*"/g, ''))) return reasons.escapedSpace;
  }
  return undefined;
}

/** Variables that say how a program writes and for which surroundings, and plain values for them. */
const harmlessSetting =
  /^(?:NODE_ENV|CI|LANG|LANGUAGE|LC_[A-Z]+|TZ|TERM|COLORTERM|NO_COLOR|FORCE_COLOR|CLICOLOR|CLICOLOR_FORCE|COLUMNS|LINES|RUST_BACKTRACE|RUST_LOG|PYTHONUNBUFFERED|PYTHONDONTWRITEBYTECODE|GOOS|GOARCH|CGO_ENABLED|GO111MODULE)$/;

function isHarmlessSetting({
  name,
  value,
}: {
  readonly name: string;
  readonly value: string | undefined;
}): boolean {
  return harmlessSetting.test(name) && value !== undefined && /^[\w.,:@%+=-]*$/.test(value);
}

/** Names in lower case and single letters are the script's own. Others may be what programs and the shell itself look at. */
function isOwnName({ name }: { readonly name: string }): boolean {
  return /^(?:[a-z_][a-z0-9_]*|[A-Z])$/.test(name) && !/_proxy$|^npm_/.test(name);
}
