import { CodexToml } from './codex-toml.ts';

/** What Codex's own menus write into its `config.toml`. */
const keys = ['model', 'model_reasoning_effort'] as const;

/** Values of a `config.toml` as they were before `init`, to be compared with when it is taken back. */
export type OwnChoices = Readonly<Partial<Record<(typeof keys)[number], string>>>;

export function ownChoices(text: string, file: string): OwnChoices {
  const toml = new CodexToml(text, file);
  return Object.fromEntries(keys.flatMap((key) => entryOf(toml, key)));
}

function entryOf(toml: CodexToml, key: string): [string, string][] {
  const value = toml.topLevelString(key);
  return value === undefined ? [] : [[key, value]];
}
