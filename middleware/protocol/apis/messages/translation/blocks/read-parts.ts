import { isJsonObject, type JsonObject } from '../../../../../kernel/json-object.ts';
import type { ContentPart, ImageContent } from '../../../../translation/model-request.ts';
import { leftOutContent } from '../../../../translation/told/told-texts.ts';
import { isText, objectAt, objectsIn, textAt } from '../../../common/read-event.ts';

/** The parts of a message, or of what came of a call: a text, or a list of blocks. */
export function readMessagesParts(content: unknown): readonly ContentPart[] {
  if (typeof content === 'string') return [{ kind: 'text', text: content }];
  return objectsIn(content).flatMap(readMessagesPart);
}

/** Whether each piece of a list is a block that a message of a user may have. */
export function areMessagesParts(content: unknown): content is readonly JsonObject[] {
  return Array.isArray(content) && content.every((part) => isJsonObject(part) && known.has(part['type']));
}

const known: ReadonlySet<unknown> = new Set(['text', 'image', 'document', 'search_result']);

/** What a block says; one of no known kind is told of. */
export function readMessagesPart(block: JsonObject): readonly ContentPart[] {
  switch (block['type']) {
    case 'image':
      return [readImage(objectAt(block, 'source'))];
    case 'document':
      return readDocument(block);
    case 'search_result':
      return readSearchResult(block);
    default:
      if (isText(block['text'])) return [{ kind: 'text', text: block['text'] }];
      return saysNothing.has(block['type']) ? [] : [leftOutContent(block['type'])];
  }
}

/** An empty text; and tools that a search found, whose names are told beside it. */
const saysNothing: ReadonlySet<unknown> = new Set(['text', 'tool_reference']);

function readImage(source: JsonObject): ImageContent {
  const data = textAt(source, 'data');
  return {
    kind: 'image',
    mediaType: textAt(source, 'media_type') || undefined,
    data: data === '' ? undefined : data,
    url: textAt(source, 'url') || undefined,
    detail: undefined,
  };
}

function readDocument(block: JsonObject): readonly ContentPart[] {
  const source = objectAt(block, 'source');
  const name = textAt(block, 'title') || undefined;
  switch (source['type']) {
    case 'base64':
      return [{ kind: 'file', name, mediaType: textAt(source, 'media_type'), data: textAt(source, 'data') }];
    case 'text':
      return [{ kind: 'text', text: `${name ?? 'document'}:\n${textAt(source, 'data')}` }];
    case 'content':
      return readMessagesParts(source['content']);
    default: {
      const { url = name ?? 'unnamed' } = source;
      return [{ kind: 'text', text: `[a document that cannot be given to this model: ${String(url)}]` }];
    }
  }
}

function readSearchResult(block: JsonObject): readonly ContentPart[] {
  const parts = readMessagesParts(block['content']);
  const texts = parts.flatMap((part) => (part.kind === 'text' ? [part.text] : []));
  const said = [textAt(block, 'title'), textAt(block, 'source'), ...texts].filter((text) => text !== '');
  return [{ kind: 'text', text: said.join('\n') }, ...parts.filter(({ kind }) => kind !== 'text')];
}
