import { load } from 'js-yaml';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';

/**
 * What a line must not do: run `rm` or take the file away, print a file, run `curl`, leave anything changed, print
 * what is outside.
 */
export type Effect = 'remove' | 'leak' | 'fetch' | 'change' | 'leak-outside';

/** A line, or a call of a tool, with the rule that it is held against. */
export interface Escape {
  readonly family: string;
  readonly behavior: 'deny' | 'allow';
  readonly rule: string;
  /** `undefined` for what is harmless and has to stay allowed. */
  readonly mustNot: Effect | undefined;
  readonly shell: 'bash' | 'zsh';
  /** Whether only root can see it happen; what was recorded of it stays. */
  readonly needsRoot: boolean;
  readonly call: EscapeCall;
  /** Tells it from all others, and shows it. */
  readonly id: string;
}

export interface EscapeCall {
  readonly kind: 'function' | 'custom';
  readonly name: string;
  readonly namespace: string | undefined;
  readonly input: string;
}

interface Section {
  readonly deny?: string;
  readonly allow?: string;
  readonly mustNot?: Effect;
  /** Harmless lines. Said, so that none becomes one because `mustNot` was forgotten. */
  readonly benign?: true;
  readonly shell?: 'bash' | 'zsh';
  readonly needsRoot?: boolean;
  readonly lines?: readonly string[];
  /** JavaScript for Codex's tool `exec`. */
  readonly code?: readonly string[];
  readonly calls?: readonly {
    readonly name: string;
    readonly namespace?: string;
    readonly input: JsonObject;
  }[];
}

/** Where the corpus stands. */
export const escapesFolder = join(import.meta.dirname, '..', '..', 'fixtures', 'escapes');

/** The whole corpus, family by family. */
export function readEscapes(): readonly Escape[] {
  return readdirSync(escapesFolder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .flatMap((name) => {
      const sections = load(readFileSync(join(escapesFolder, name), 'utf8')) as readonly Section[];
      return sections.flatMap((section) => escapesOf(name.replace(/\.yaml$/, ''), section));
    });
}

function escapesOf(family: string, section: Section): readonly Escape[] {
  const { deny, allow, mustNot, benign = false, shell = 'bash', needsRoot = false } = section;
  if (benign === (mustNot !== undefined)) throw new Error(`${family}: a section needs mustNot or benign`);
  const { lines = [], code = [], calls = [] } = section;
  const common = {
    family,
    behavior: deny === undefined ? 'allow' : 'deny',
    rule: deny ?? allow ?? '',
    mustNot,
    shell,
    needsRoot,
  } as const;
  const escape = (call: EscapeCall, shown: string): Escape => ({
    ...common,
    call,
    id: `${family}, ${common.behavior} ${common.rule}: ${shown}`,
  });
  return [
    ...lines.map((line) => escape(functionCall('exec_command', { cmd: line, shell: `/bin/${shell}` }), line)),
    ...code.map((text) =>
      escape({ kind: 'custom', name: 'exec', namespace: undefined, input: text }, `exec ${text}`),
    ),
    ...calls.map(({ name, namespace, input }) =>
      escape(
        functionCall(name, input, namespace),
        `${[namespace, name].join(' ').trim()} ${JSON.stringify(input)}`,
      ),
    ),
  ];
}

function functionCall(name: string, input: JsonObject, namespace?: string): EscapeCall {
  return { kind: 'function', name, namespace, input: JSON.stringify(input) };
}
