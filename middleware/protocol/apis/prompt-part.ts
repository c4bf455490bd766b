/** A piece of a user's message, whatever the API. */
export type PromptPart = { readonly kind: 'text'; readonly text: string } | ImagePart;

export interface ImagePart {
  readonly kind: 'image';
  readonly mediaType: string;
  readonly base64: string;
}
