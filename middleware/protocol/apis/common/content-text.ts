import { objectsIn, textAt } from './read-event.ts';

/** The text of a message's content, which is one text or a list of parts. */
export function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  return objectsIn(content)
    .map((part) => textAt(part, 'text'))
    .join('');
}
