import { likelyTool } from '../../../protocol/claude-tools/likely-tool.ts';
import type { HookEntry } from './hook-entry.ts';
import type { HookEvent } from '../hook-event.ts';

/** The events whose matchers are compared with the names of tools. */
const ofTools: readonly HookEvent[] = [
  'PreToolUse',
  'PostToolUse',
  'PostToolUseFailure',
  'PermissionRequest',
];

/**
 * Why the matcher of a hook likely matches nothing, with what it is likely meant to be; `undefined` for one that
 * looks right.
 */
export function matcherHint({
  event,
  matcher = '',
}: Pick<HookEntry, 'event' | 'matcher'>): string | undefined {
  if (matcher === '' || matcher === '*') return undefined;
  if (!/^[\w\- ,|]*$/.test(matcher)) return isExpression(matcher) ? undefined : 'is no regular expression';
  if (!ofTools.includes(event)) return undefined;
  return matcher
    .split(/[,|]/)
    .map((name) => hintFor(name.trim()))
    .find((hint) => hint !== undefined);
}

function hintFor(name: string): string | undefined {
  const meant = likelyTool(name);
  if (meant !== undefined) return `no tool is called ${name}; ${meant} is likely meant`;
  // A list of names is compared with whole names.
  return /^mcp__[^_]+(?:_[^_]+)*$/.test(name)
    ? `${name} is no tool; ${name}__.* means all tools of the server`
    : undefined;
}

function isExpression(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
