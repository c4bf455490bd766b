import { CodexPlusError } from '../../kernel/errors.ts';
import { isJsonObject } from '../../kernel/json-object.ts';
import { replaceMembers, topLevelMembers, type JsonMember } from '../../protocol/json/json-members.ts';
import { bytesWithoutHalfLetters } from '../../protocol/json/without-half-letters.ts';
import { isCallersOwn } from './callers-own.ts';

/**
 * Members in which LiteLLM looks for them again: parameters as the SDK takes them, and other models with parameters
 * of their own.
 */
const containers = new Set([
  'extra_body',
  'litellm_params',
  'litellm_metadata',
  'litellm_embedding_config',
  'fallbacks',
  'context_window_fallbacks',
  'content_policy_fallbacks',
  'default_fallbacks',
  'router_settings_override',
]);

/** LiteLLM itself refuses fallbacks within fallbacks before this; a walk must not fill the stack. */
const maxDepth = 64;

type IsOwn = (name: string) => boolean;

/**
 * A decoded body, byte for byte, but for what LiteLLM would call the provider with in place of the configured key
 * and address, whoever sent it, and for halves of letters, which it refuses. What tools and conversations have under such names stays. Throws a SyntaxError for
 * what is no JSON object.
 */
export function litellmBody(json: Buffer, isOwn: IsOwn = isCallersOwn): Buffer {
  const changed = new Map<JsonMember, string | undefined>();
  for (const member of topLevelMembers(json)) {
    if (isOwn(member.key)) changed.set(member, undefined);
    else if (containers.has(member.key)) {
      const text = json.toString('utf8', member.valueStart, member.valueEnd);
      const without = withoutOwn(text, member.key, isOwn);
      if (without !== text) changed.set(member, without);
    }
  }
  return bytesWithoutHalfLetters(changed.size === 0 ? json : replaceMembers(json, changed));
}

/** The same text where there is nothing to take out. */
function withoutOwn(text: string, key: string, isOwn: IsOwn): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CodexPlusError('invalid_body', `the request body is not JSON: "${key}" cannot be read`, {
      cause,
    });
  }
  const cleaned = cleanedValue(value, { key, isOwn }, 0);
  return cleaned === value ? text : JSON.stringify(cleaned);
}

interface Cleaning {
  /** The member of the top level, for errors. */
  readonly key: string;
  readonly isOwn: IsOwn;
}

function cleanedValue(value: unknown, cleaning: Cleaning, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > maxDepth) {
    throw new CodexPlusError(
      'invalid_body',
      `"${cleaning.key}" of the request body is nested deeper than ${maxDepth}`,
    );
  }
  if (Array.isArray(value)) {
    const items = (value as unknown[]).map((item) => cleanedValue(item, cleaning, depth + 1));
    return items.every((item, index) => item === (value as unknown[])[index]) ? value : items;
  }
  if (!isJsonObject(value)) return value;
  let isChanged = false;
  const kept: [string, unknown][] = [];
  for (const [name, inner] of Object.entries(value)) {
    const cleaned = cleaning.isOwn(name) ? undefined : cleanedValue(inner, cleaning, depth + 1);
    if (cleaned !== inner) isChanged = true;
    if (!cleaning.isOwn(name)) kept.push([name, cleaned]);
  }
  return isChanged ? Object.fromEntries(kept) : value;
}
