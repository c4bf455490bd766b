/** How hard Codex thinks, as the last part of a model's name says it. */
const efforts = ['low', 'medium', 'high', 'minimal'] as const;

const prefixes = ['codex-5', 'codev-5'];

/** A model of ours behind which Codex answers. */
export interface ServedModel {
  /** `undefined` where the name says none. */
  readonly effort: string | undefined;
}

/** The names under which it is listed. */
export function servedNames(listedAs: 'prod' | 'dev'): readonly string[] {
  const prefix = listedAs === 'dev' ? 'codev-5' : 'codex-5';
  return [prefix, ...efforts.map((effort) => `${prefix}-${effort}`)];
}

/** `undefined` for a model that Codex does not answer for. */
export function servedModel(name: string): ServedModel | undefined {
  for (const prefix of prefixes) {
    if (name === prefix) return { effort: undefined };
    const effort = efforts.find((each) => name === `${prefix}-${each}`);
    if (effort !== undefined) return { effort };
  }
  return undefined;
}
