import type { Segment } from '../../features/install/planned-file.ts';

export interface Undone {
  readonly text: string;
  /** What is no longer there as we wrote it: somebody edited it, or took it out. */
  readonly missing: readonly Segment[];
}

/**
 * The text without our segments; whatever else was changed around them stays. Taken out in the reverse order, so that a text
 * that nobody touched becomes, byte for byte, the one before.
 */
export function undoSegments(text: string, segments: readonly Segment[]): Undone {
  let rest = text;
  const missing: Segment[] = [];
  for (const segment of segments.toReversed()) {
    const ours = segment.kind === 'insert' ? segment.text : segment.to;
    const before = segment.kind === 'insert' ? '' : segment.from;
    const isFirst = segment.kind === 'insert' && segment.at === 'start';
    const at = isFirst ? rest.indexOf(ours) : rest.lastIndexOf(ours);
    if (at < 0) missing.push(segment);
    else rest = rest.slice(0, at) + before + rest.slice(at + ours.length);
  }
  return { text: rest, missing };
}

/** Builds a text and its segments side by side. */
export class SegmentedText {
  readonly #segments: Segment[] = [];
  readonly #lineEnd: string;
  #text: string;

  constructor(text: string) {
    this.#text = text;
    this.#lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  }

  get text(): string {
    return this.#text;
  }

  get segments(): readonly Segment[] {
    return this.#segments;
  }

  /** Lines before everything else, behind a byte order mark. */
  prepend(lines: string): void {
    const mark = this.#text.startsWith('\ufeff') ? '\ufeff' : '';
    const text = this.#withLineEnds(lines);
    this.#text = mark + text + this.#text.slice(mark.length);
    this.#segments.push({ kind: 'insert', at: 'start', text });
  }

  /** Lines after everything else, on a line of their own. */
  append(lines: string): void {
    const needsLineEnd = this.#text !== '' && !this.#text.endsWith('\n');
    const text = this.#withLineEnds(`${needsLineEnd ? '\n' : ''}${lines}`);
    this.#text += text;
    this.#segments.push({ kind: 'insert', at: 'end', text });
  }

  /** Another text in the place of a range. */
  replace(start: number, end: number, to: string): void {
    this.#segments.push({ kind: 'replace', from: this.#text.slice(start, end), to });
    this.#text = this.#text.slice(0, start) + to + this.#text.slice(end);
  }

  #withLineEnds(lines: string): string {
    return this.#lineEnd === '\n' ? lines : lines.replaceAll('\n', this.#lineEnd);
  }
}
