/** What is not seen, and yet belongs to what is: of pictures, and of scripts whose letters join. */
const joining = /[[\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}]--[\p{ASCII}]]/v.source;
const ofWriting = [
  String.raw`(?<=\p{Extended_Pictographic})[\uFE0E\uFE0F]`,
  String.raw`(?<=[0-9#*])\uFE0F(?=\u20E3)`,
  String.raw`(?<=${joining})[\u200C\u200D](?=${joining})`,
].join('|');
const hidden = new RegExp(
  String.raw`(${ofWriting})|(?![\n\t])[\p{Cc}\p{Bidi_Control}\u{E0000}-\u{E007F}]|\p{Default_Ignorable_Code_Point}`,
  'gv',
);
const isTold = /[\p{Cc}\p{Bidi_Control}\u{E0000}-\u{E007F}]/u;

/**
 * A text of a server as others may have it: escape sequences drive the terminal that it is shown in, and what is not seen says
 * something else to a model than to its user. Line breaks and tabs are text; soft hyphens and the like are left out.
 */
export function withoutControls(text: string): string {
  return text.replaceAll(hidden, (character, kept?: string) => {
    if (kept !== undefined) return kept;
    return character !== '\r' && isTold.test(character) ? '\uFFFD' : '';
  });
}
