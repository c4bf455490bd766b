import type { JsonObject } from '../../../kernel/json-object.ts';

/** The member of a block that has base64, which is long and in which no text is found. */
export function encodedIn({ type, uri, blob }: JsonObject): string | undefined {
  if (type === 'image' || type === 'audio') return 'data';
  return typeof uri === 'string' && typeof blob === 'string' ? 'blob' : undefined;
}
