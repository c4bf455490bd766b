import { isJsonObject } from '../../kernel/json-object.ts';
import { splitFrontMatter } from '../../platform/config/front-matter.ts';
import { readJsonObject } from '../../platform/config/scopes/files/read-json-object.ts';

/**
 * Whether a content of a settings file, or the front matter of a command, has all of these texts in it: what is
 * shown to the user was read before the file is looked at for its hash, and a hash of another content must not
 * stand beside it.
 */
export function holdsTexts(texts: readonly string[]): (content: Buffer) => boolean {
  return (content) => {
    const reading = readJsonObject(content);
    const value = reading.kind === 'object' ? reading.value : splitFrontMatter(content.toString('utf8')).data;
    const found = new Set(textsIn(value));
    return texts.every((text) => found.has(text));
  };
}

/** All texts in a value, however deep. */
export function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return (value as readonly unknown[]).flatMap(textsIn);
  return isJsonObject(value) ? Object.values(value).flatMap(textsIn) : [];
}
