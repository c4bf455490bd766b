/** What is not seen, and yet belongs to what is: of pictures, and of scripts whose letters join. */
const joining = /[[\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}]--[\p{ASCII}]]/v.source;
const ofWriting = [
  String.raw`(?<=\p{Extended_Pictographic})[\uFE0E\uFE0F]`,
  String.raw`(?<=[0-9#*])\uFE0F(?=\u20E3)`,
  String.raw`(?<=${joining})[\u200C\u200D](?=${joining})`,
].join('|');
/** What a reader is told of. */
const told = /(?![\n\t\r])[\p{Cc}\p{Bidi_Control}\u{E0000}-\u{E007F}]/gu;
/** Some at a time: a longer run would need a stack. */
const leftOut = new RegExp(String.raw`(?:(?!${ofWriting})[\r\p{Default_Ignorable_Code_Point}]){1,100}`, 'gv');

/**
 * A text of a server as others may have it: escape sequences drive the terminal that it is shown in, and what is not seen says
 * something else to a model than to its user. Line breaks and tabs are text; soft hyphens and the like are left out.
 */
export function withoutControls(text: string): string {
  // Without a function for each of them, which takes seconds where a text has nothing else.
  return text.replaceAll(told, '\uFFFD').replaceAll(leftOut, '');
}
