import type { Effect, Escape } from './read-escapes.ts';
import { wrappers } from './wrappers.ts';

/** A command in one way of `wrappers` inside another. */
export interface GeneratedEscape extends Escape {
  readonly outer: string;
  readonly inner: string;
}

interface Seed {
  readonly behavior: 'deny' | 'allow';
  readonly rule: string;
  readonly mustNot: Effect;
  readonly text: string;
}

const seeds: readonly Seed[] = [
  { behavior: 'deny', rule: 'Bash(rm:*)', mustNot: 'remove', text: 'rm victim' },
  { behavior: 'deny', rule: 'Read(./.env)', mustNot: 'leak', text: 'cat .env' },
  { behavior: 'deny', rule: 'Bash(curl:*)', mustNot: 'fetch', text: 'curl example.com' },
  { behavior: 'allow', rule: 'Bash(git status:*)', mustNot: 'change', text: 'git status "$(touch MARK)"' },
];

/**
 * A command in each way of `wrappers` inside each other way, for bash and for zsh. Each pair has one of the four
 * commands, in turn, so that every way comes with every command.
 */
export function generateEscapes(): readonly GeneratedEscape[] {
  const ways = Object.entries(wrappers);
  return ways.flatMap(([outer, wrapOuter], row) =>
    ways.flatMap(([inner, wrapInner], column) => {
      const seed = seeds[(row + column) % seeds.length];
      if (seed === undefined) return [];
      const line = wrapOuter(wrapInner({ text: seed.text, isSimple: true })).text;
      return (['bash', 'zsh'] as const).map((shell) => ({
        ...escapeOf(seed, shell, line, `${outer} > ${inner}`),
        outer,
        inner,
      }));
    }),
  );
}

function escapeOf(
  { behavior, rule, mustNot, text }: Seed,
  shell: Escape['shell'],
  line: string,
  name: string,
): Escape {
  const input = JSON.stringify({ cmd: line, shell: `/bin/${shell}` });
  return {
    family: 'generated',
    behavior,
    rule,
    mustNot,
    shell,
    needsRoot: false,
    call: { kind: 'function', name: 'exec_command', namespace: undefined, input },
    id: `generated, ${behavior} ${rule}: ${name} > ${text} (${shell})`,
  };
}
