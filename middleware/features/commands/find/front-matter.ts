import type { CommandSettings } from '../command.ts';
import { parseToolList } from './tool-list.ts';

/** What the front matter of a command or skill asks for; a value of a kind that its key cannot have counts as absent. */
export function readSettings(data: Readonly<Record<string, unknown>>): CommandSettings {
  const model = text(data['model']);
  return {
    alias: text(data['name']),
    description: text(data['description']),
    whenToUse: text(data['when_to_use']),
    argumentHint: hint(data['argument-hint']),
    allowedTools: parseToolList(data['allowed-tools']),
    disallowedTools: parseToolList(data['disallowed-tools']),
    argumentNames: names(data['arguments']),
    model: model === 'inherit' ? undefined : model,
    effort: text(data['effort']),
    userInvocable: !isSo(data['user-invocable'], false),
    disableModelInvocation: isSo(data['disable-model-invocation'], true),
    hooks: data['hooks'],
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** `[name]` is meant as text, but YAML takes it for a list. */
function hint(value: unknown): string | undefined {
  return Array.isArray(value) ? text(value.map(String).join(' ')) : text(value);
}

/** Text too: where the YAML is broken, values are read as they stand. */
function isSo(value: unknown, expected: boolean): boolean {
  return value === expected || value === String(expected);
}

/** Each is looked for at every `$` of the body. */
const maxArgumentNames = 100;

function names(value: unknown): readonly string[] {
  const list = typeof value === 'string' ? value.trim().split(/[\s,]+/) : value;
  if (!Array.isArray(list)) return [];
  // A name that looks like a position would hide it.
  return list
    .slice(0, maxArgumentNames)
    .map(String)
    .map((name) => (/^[A-Za-z_][\w-]*$/.test(name) ? name : ''));
}
