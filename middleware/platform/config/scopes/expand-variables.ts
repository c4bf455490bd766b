import type { Environment } from '../environment.ts';

/**
 * The text with `${VAR}` and `${VAR:-default}` replaced, as Claude Code does in `.mcp.json`: a variable that is set but empty
 * counts as set, one that is not set and has no default stays as it is written, and `$VAR` is left alone.
 * @internal exported for its tests
 */
export function expandVariables(text: string, env: Environment): string {
  if (!text.includes('${')) return text;
  return text.replaceAll(variable, (written, name: string, fallback: string | undefined) => {
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    return value ?? fallback ?? written;
  });
}

const variable = /\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g;

/** The value with the variables in all of its texts replaced; the same object where there are none. */
export function expandAll(value: unknown, env: Environment): unknown {
  if (typeof value === 'string') return expandVariables(value, env);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const entries: readonly unknown[] = value;
    const expanded = entries.map((entry) => expandAll(entry, env));
    return expanded.every((entry, index) => entry === entries[index]) ? value : expanded;
  }
  const expanded = Object.entries(value).map(([name, entry]) => [name, expandAll(entry, env)] as const);
  const before = value as Readonly<Record<string, unknown>>;
  return expanded.every(([name, entry]) => entry === before[name]) ? value : Object.fromEntries(expanded);
}
