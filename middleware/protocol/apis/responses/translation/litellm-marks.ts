import type { JsonObject } from '../../../../kernel/json-object.ts';
import { textAt } from '../../common/read-event.ts';

/** A part of both marks that begins with a rare letter. */
const hints = ['_enc:', '"encitem_'] as const;
const contentMark = /^litellm_enc:[\w+/=-]*;/;
const idMark = 'encitem_';

/** Whether a request may have marks in it. */
export function mayHoldMarks(json: Buffer): boolean {
  return hints.some((hint) => json.includes(hint));
}

/**
 * An item without what LiteLLM wrote into it to find the deployment again that encrypted it (`encrypted_content_affinity`): for
 * everybody else its content is unreadable with that, and its id invalid. The same item where there is none.
 */
export function withoutMarks(item: JsonObject): JsonObject {
  const content = textAt(item, 'encrypted_content');
  const id = originalId(textAt(item, 'id'));
  const plain = unmarked(content);
  if (plain === content && id === undefined) return item;
  return {
    ...item,
    ...(plain === content ? {} : { encrypted_content: plain }),
    ...(id === undefined ? {} : { id }),
  };
}

export function unmarked(content: string): string {
  return content.replace(contentMark, '');
}

function originalId(id: string): string | undefined {
  if (!id.startsWith(idMark)) return undefined;
  const told = Buffer.from(id.slice(idMark.length), 'base64').toString();
  return /;item_id:(.+)$/s.exec(told)?.[1];
}
