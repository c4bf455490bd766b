/** What goes to the model before the prompt: text in Claude Code's words, or a picture. */
export type Attachment =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'image'; readonly mediaType: string; readonly base64: string };

/** A note to the model that is not the user's own text. */
export function reminder(text: string): Attachment {
  return { kind: 'text', text: `<system-reminder>\n${text}\n</system-reminder>` };
}
