import type { Api } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';

/** A piece of a user's message, whatever the API. */
export type PromptPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'image'; readonly mediaType: string; readonly base64: string };

/** The type that an API gives the text parts of a user's message. */
export function textTypeOf(api: Api): 'input_text' | 'text' {
  return api === 'responses' ? 'input_text' : 'text';
}

/** The part as it stands in the content of a message. */
export function contentPart(api: Api, part: PromptPart): JsonObject {
  if (part.kind === 'text') return { type: textTypeOf(api), text: part.text };
  const { mediaType, base64 } = part;
  const url = `data:${mediaType};base64,${base64}`;
  switch (api) {
    case 'responses':
      return { type: 'input_image', image_url: url };
    case 'messages':
      return { type: 'image', source: { type: 'base64', media_type: mediaType, data: base64 } };
    case 'chat':
    case 'completions':
      return { type: 'image_url', image_url: { url } };
  }
}
