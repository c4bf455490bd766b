/**
 * A text of a server as others may have it: escape sequences drive the terminal that it is shown in, and what is not seen says
 * something else to a model than to its user. Line breaks and tabs are text.
 */
export function withoutControls(text: string): string {
  return text.replaceAll(/(?![\n\t])[\p{Cc}\p{Bidi_Control}\u{E0000}-\u{E007F}]/gu, (control) =>
    control === '\r' ? '' : '\uFFFD',
  );
}
