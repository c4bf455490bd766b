import { CodexToml } from './codex-toml.ts';
import type { OwnChoices } from '../../features/install/planned-file.ts';
import { ownChoices } from './own-choices.ts';

/** A line for each value of a restored `config.toml` that was chosen in Codex since `init`, and so is the user's. */
export function toldChoices(text: string, file: string, before: OwnChoices): string[] {
  const toml = new CodexToml(text, file);
  return Object.entries(ownChoices(text, file)).flatMap(([key, value]) => {
    const was = (before as Readonly<Record<string, string | undefined>>)[key];
    if (was === value) return [];
    const line = toml.topLevel(key)?.line;
    const told = was === undefined ? 'there was none' : `it was ${JSON.stringify(was)}`;
    return [
      `  line ${line ?? 1}: ${key} = ${JSON.stringify(value)} stays, as it was chosen since init (before, ${told}); without Codex-Plus, Codex may refuse it: choose another with /model`,
    ];
  });
}
