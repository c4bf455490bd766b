import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { ContentPart, ImageContent } from '../../../translation/model-request.ts';
import type { ModelTraits } from '../../../translation/model-traits.ts';
import { pictureType } from '../../../translation/picture-type.ts';
import { leftOutImage } from '../../../translation/told/told-texts.ts';

/** What the user says: a text, or parts where there are pictures in it. */
export function writeUserContent(
  parts: readonly ContentPart[],
  traits: ModelTraits,
): string | readonly JsonObject[] {
  const written = parts.map((part) =>
    part.kind === 'image' && traits.takesImages
      ? imagePart(part)
      : { type: 'text', text: wordsOf(part, traits) },
  );
  const said = written.filter((part) => part['text'] === undefined || part['text'] !== '');
  return said.every(({ type }) => type === 'text')
    ? said.map((part) => String(part['text'])).join('\n\n')
    : said;
}

/** The texts alone, with a word for what is none. */
export function textOf(parts: readonly ContentPart[], traits: ModelTraits): string {
  return parts
    .map((part) => wordsOf(part, traits))
    .filter((text) => text !== '')
    .join('\n');
}

export function hasImages(parts: readonly ContentPart[]): boolean {
  return parts.some((part) => part.kind === 'image' && usableUrl(part) !== undefined);
}

function wordsOf(part: ContentPart, traits: ModelTraits): string {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'image':
      if (!traits.takesImages) return leftOutImage('this model takes no images');
      return usableUrl(part) === undefined
        ? leftOutImage('the model does not take its format')
        : '[image: see below]';
    case 'file':
      return part.mediaType.startsWith('text/')
        ? `${part.name ?? 'file'}:\n${Buffer.from(part.data, 'base64').toString()}`
        : `[the file ${part.name ?? 'unnamed'} was left out: the model takes no ${part.mediaType}]`;
  }
}

/** Those of the Chat Completions API; newer words are of other APIs. */
const details: ReadonlySet<string> = new Set(['auto', 'low', 'high']);

function imagePart(image: ImageContent): JsonObject & { readonly type: string } {
  const url = usableUrl(image);
  if (url === undefined) return { type: 'text', text: leftOutImage('the model does not take its format') };
  const { detail = '' } = image;
  return { type: 'image_url', image_url: { url, ...(details.has(detail) ? { detail } : {}) } };
}

function usableUrl({ data, url }: ImageContent): string | undefined {
  if (data === undefined) return url !== undefined && /^https?:/i.test(url) ? url : undefined;
  const type = pictureType(data);
  return type === undefined ? undefined : `data:${type};base64,${data}`;
}
