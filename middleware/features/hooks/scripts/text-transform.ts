/** Changes a text while it streams: pieces go in as they come, other pieces come out. Errors of the text pass through. */
export type TextTransform = (text: AsyncIterable<string>) => AsyncIterable<string>;
