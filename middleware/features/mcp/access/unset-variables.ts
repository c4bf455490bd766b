import { isJsonObject } from '../../../kernel/json-object.ts';
import { expandedParts, type McpServer } from '../../../platform/config/scopes/merge-mcp-servers.ts';
import { pathText } from '../../../platform/config/scopes/files/read-json-object.ts';

/** A variable in an entry that is not set, so that the server gets it as it is written. */
export interface UnsetVariable {
  /** `env.MEMORY_FILE_PATH`, `args[1]` */
  readonly field: string;
  readonly variable: string;
}

/** What an entry names of the environment that is not there. */
export function unsetVariables({
  written,
  value,
}: Pick<McpServer, 'written' | 'value'>): readonly UnsetVariable[] {
  return [...expandedParts].flatMap((part) => unsetIn(written[part], value[part], [part]));
}

/** In words, with what helps. */
export function unsetText({ field, variable }: UnsetVariable): string {
  return `${field}: the environment variable ${variable} is not set, and is passed on as \${${variable}}; set it, or write \${${variable}:-otherwise}`;
}

const reference = /\$\{([A-Za-z_]\w*)\}/g;

function unsetIn(
  written: unknown,
  value: unknown,
  path: readonly (string | number)[],
): readonly UnsetVariable[] {
  if (typeof written === 'string') {
    const names = [...written.matchAll(reference)].map(([, name = '']) => name);
    // One that is set has another text in its place.
    const left = [...new Set(names)].filter(
      (name) => typeof value === 'string' && value.includes(`\${${name}}`),
    );
    return left.map((variable) => ({ field: pathText(path), variable }));
  }
  if (Array.isArray(written) && Array.isArray(value)) {
    const values: readonly unknown[] = value;
    return written.flatMap((part: unknown, at) => unsetIn(part, values[at], [...path, at]));
  }
  if (!isJsonObject(written) || !isJsonObject(value)) return [];
  return Object.entries(written).flatMap(([name, part]) => unsetIn(part, value[name], [...path, name]));
}
