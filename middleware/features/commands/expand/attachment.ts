import { withoutFraming } from '../../../protocol/conversation/without-framing.ts';

/** What goes to the model before the prompt: text in Claude Code's words, or a picture. */
export type Attachment =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'image'; readonly mediaType: string; readonly base64: string };

/** A note to the model that is not the user's own text; `own` stands behind it in a framing of ours. */
export function reminder(text: string, own = ''): Attachment {
  return { kind: 'text', text: `<system-reminder>\n${withoutFraming(text)}${own}\n</system-reminder>` };
}
