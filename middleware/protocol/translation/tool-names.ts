import { createHash } from 'node:crypto';
import type { NamedTool, ToolName } from './model-request.ts';

/** What all providers take: a letter first, then letters, digits, `_` and `-`, 64 in all. Gemini's is the narrowest. */
const taken = /^[A-Za-z][\w-]{0,63}$/;
const maxLength = 64;
const digestLength = 8;

/**
 * The names under which a provider knows the tools of a client: a group is a part of the name there, and a name is
 * short. A name depends on nothing but the tool itself and those before it, so that a conversation keeps its bytes
 * when tools are added.
 */
export class ToolNames {
  readonly #tools = new Map<string, NamedTool>();
  readonly #names = new Map<string, string>();

  readonly #reserved: RegExp | undefined;

  /** A name that `reserved` matches is the provider's own, and given to no tool. */
  constructor(tools: readonly NamedTool[], reserved?: RegExp) {
    this.#reserved = reserved;
    for (const tool of tools) this.nameOf(tool);
  }

  /** The provider's name of a tool, also of one that is in the history alone. */
  nameOf(tool: NamedTool): string {
    const key = keyOf(tool);
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const plain = plainName(tool);
    const isReserved = this.#reserved?.test(joined(tool)) === true;
    const isFree = plain !== undefined && !isReserved && !this.#tools.has(plain);
    const name = isFree ? plain : digestName(tool, isReserved ? 't_' : '');
    this.#tools.set(name, tool);
    this.#names.set(key, name);
    return name;
  }

  /** The tool that a provider's call names; one that nobody knows is a function of that name. */
  toolOf(name: string): NamedTool {
    return this.#tools.get(name) ?? { kind: 'function', namespace: undefined, name };
  }
}

/** Of a function and a tool with a text there are no two of a name. */
function keyOf({ kind, namespace, name }: NamedTool): string {
  const own = kind === 'search' || kind === 'local_shell' ? [kind] : [];
  return JSON.stringify([namespace ?? null, name, ...own]);
}

function joined({ namespace, name }: ToolName): string {
  return namespace === undefined ? name : `${namespace}__${name}`;
}

/** `undefined` for a name that some provider refuses. */
function plainName(tool: ToolName): string | undefined {
  const name = joined(tool);
  return taken.test(name) ? name : undefined;
}

function digestName(tool: NamedTool, prefix: string): string {
  const digest = createHash('sha256').update(keyOf(tool)).digest('hex').slice(0, digestLength);
  const readable = `${prefix}${joined(tool)}`.replace(/[^\w-]/g, '_').replace(/^[^A-Za-z]/, 't_');
  return `${readable.slice(0, maxLength - digestLength - 1)}_${digest}`;
}
