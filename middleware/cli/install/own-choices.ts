import type { OwnChoices } from '../../features/install/planned-file.ts';
import { CodexToml } from './codex-toml.ts';

/** What Codex's own menus write into its `config.toml`. */
const keys = ['model', 'model_reasoning_effort'] as const;

export function ownChoices(text: string, file: string): OwnChoices {
  const toml = new CodexToml(text, file);
  return Object.fromEntries(keys.flatMap((key) => entryOf(toml, key)));
}

function entryOf(toml: CodexToml, key: string): [string, string][] {
  const value = toml.topLevelString(key);
  return value === undefined ? [] : [[key, value]];
}
