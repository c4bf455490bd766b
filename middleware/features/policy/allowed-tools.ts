import type { ConfigSource } from '../../kernel/config-source.ts';
import type { PermissionRule } from '../../kernel/permission-rule.ts';

/**
 * The rules of `allowed-tools` in a command's front matter, or of `disallowed-tools` with `deny`: a YAML list, or a text
 * with commas or spaces between the rules. Commas and spaces in parentheses are part of a rule.
 */
export function parseAllowedTools(
  value: unknown,
  source: ConfigSource,
  behavior: PermissionRule['behavior'] = 'allow',
): readonly PermissionRule[] {
  return textsOf(value)
    .flatMap(separate)
    .map((text) => ({ behavior, text, source }));
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function separate(text: string): readonly string[] {
  // A parenthesis in a rule closes at the last one before a separator or the end: `Bash(echo "(a)")`.
  return text.match(/[^\s,(]+(?:\((?:[^()]|\([^()]*\))*\))?[^\s,]*/g) ?? [];
}
