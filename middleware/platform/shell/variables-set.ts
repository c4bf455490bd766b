import { forEachChild, type ParameterExpansionPart, type SyntaxNode } from 'unbash';
import { addAll } from '../../kernel/bounds/add-all.ts';
import { builtinOf, namesGiven } from './effects.ts';
import { assignedByArithmetic } from './set-in-words.ts';
import type { ShellAssignment, ShellWord } from './shell-command.ts';

const declarers = new Set(['export', 'declare', 'typeset', 'local', 'readonly', 'integer', 'float']);
const readers = new Set(['read', 'readarray', 'mapfile', 'getopts', 'wait']);

/**
 * The variables that expansions and redirections in a part of a script set: `${a:=b}`, `$((a = 1))`, `x[a = 1]=2`,
 * `{a}>f`.
 */
export function variablesSetIn(node: SyntaxNode): readonly ShellAssignment[] {
  const set = [...ownSettings(node)];
  forEachChild(node, (child) => {
    if (child.type !== 'Script') addAll(set, variablesSetIn(child));
  });
  return set;
}

function ownSettings(node: SyntaxNode): readonly ShellAssignment[] {
  if (node.type === 'FileDescriptorVariable') return [numbered(node.name)];
  if (node.type === 'ParameterExpansion') return inParameter(node);
  const texts =
    node.type === 'ArithmeticExpansion'
      ? [node.text.slice(2)]
      : node.type === 'Assignment'
        ? [node.index?.text]
        : node.type === 'ArrayValue'
          ? node.elements.map(({ text }) => /^\[([^]*)\]\+?=/.exec(text)?.[1])
          : [];
  return texts.flatMap((text = '') => assignedByArithmetic(text)).map(numbered);
}

function inParameter({ parameter, index, operation }: ParameterExpansionPart): readonly ShellAssignment[] {
  const parts = operation?.type === 'Slice' ? [index, operation.offset, operation.length] : [index];
  const set = parts.flatMap((part) => assignedByArithmetic(part?.text ?? '')).map(numbered);
  return operation?.type === 'Default' && operation.operator.endsWith('=')
    ? [...set, unknownValue(parameter)]
    : set;
}

/** The variables that a builtin sets: `read a`, `export A=b`, `printf -v a`; and `[[ a=1 -eq 1 ]]`, which is arithmetic. */
export function variablesSetBy(words: readonly ShellWord[]): readonly ShellAssignment[] {
  const [name, ...args] = builtinOf(words);
  const builtin = name?.value ?? '';
  if (declarers.has(builtin)) return args.flatMap(declared);
  if (readers.has(builtin)) return namesGiven(args).map(unknownValue);
  if (builtin === 'printf')
    return args[0]?.value?.startsWith('-v') === true ? namesGiven(args.slice(0, 2)).map(unknownValue) : [];
  return /^(?:let|test|\[\[?)$/.test(builtin)
    ? args.flatMap(({ value, text }) => assignedByArithmetic(value ?? text)).map(numbered)
    : [];
}

function declared({ text, value }: ShellWord): readonly ShellAssignment[] {
  const [, name, given] = /^([A-Za-z_]\w*)(?:\[[^]*?\])?\+?=([^]*)$/.exec(value ?? text) ?? [];
  return name === undefined ? [] : [{ name, text, value: value === undefined ? undefined : given }];
}

function unknownValue(name: string): ShellAssignment {
  return { name, text: name, value: undefined };
}

/** Arithmetic and descriptors give it a number, whichever. */
function numbered(name: string): ShellAssignment {
  return { name, text: name, value: '0' };
}
