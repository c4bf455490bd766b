/** Scripts whose letters join, or make others with their neighbours, unless a joiner that is not seen says otherwise. */
const joiningScripts = [
  ...['Adlam', 'Arabic', 'Hanifi_Rohingya', 'Mandaic', 'Mongolian', 'Nko', 'Phags_Pa', 'Syriac'],
  ...['Balinese', 'Bengali', 'Devanagari', 'Grantha', 'Gujarati', 'Gurmukhi', 'Javanese', 'Kannada', 'Khmer'],
  ...[
    'Malayalam',
    'Meetei_Mayek',
    'Myanmar',
    'Newa',
    'Oriya',
    'Sinhala',
    'Tamil',
    'Telugu',
    'Tibetan',
    'Tirhuta',
  ],
].map((script) => String.raw`\p{Script_Extensions=${script}}`);
const joining = String.raw`[[[${joiningScripts.join('')}]&&[\p{L}\p{M}]]--[\p{Default_Ignorable_Code_Point}]]`;
/**
 * What is not seen, and yet belongs to what is: of pictures, and of scripts whose letters join. Each stands directly beside
 * something that is seen, so that no run of them says anything.
 */
const ofWriting = [
  String.raw`(?<=\p{Extended_Pictographic})[\uFE0E\uFE0F]`,
  String.raw`(?<=\p{Extended_Pictographic}[\uFE0F\p{Emoji_Modifier}]?)\u200D(?=\p{Extended_Pictographic})`,
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
