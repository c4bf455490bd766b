/** How hard Codex thinks, as the last part of a model's name says it. */
const efforts = ['low', 'medium', 'high', 'minimal'] as const;

const prefixes = { prod: 'codex-5', dev: 'codev-5' } as const;

/** Under which of its two names Codex is advertised. Both are always taken. */
export type ServedUnder = keyof typeof prefixes;

/** A model of ours behind which Codex answers. */
export interface ServedModel {
  /** `undefined` where the name says none. */
  readonly effort: string | undefined;
}

/** The names under which clients find Codex: `codex-5`, `codex-5-low` … */
export function servedNames(under: ServedUnder): readonly string[] {
  const prefix = prefixes[under];
  return [prefix, ...efforts.map((effort) => `${prefix}-${effort}`)];
}

/** `undefined` for a model that Codex does not answer for. */
export function servedModel(name: string): ServedModel | undefined {
  for (const prefix of Object.values(prefixes)) {
    if (name === prefix) return { effort: undefined };
    const effort = efforts.find((each) => name === `${prefix}-${each}`);
    if (effort !== undefined) return { effort };
  }
  return undefined;
}
