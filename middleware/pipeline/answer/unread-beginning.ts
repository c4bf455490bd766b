import type { AnswerLimits } from '../../kernel/answer-limits.ts';
import type { SseFrame } from '../../kernel/sse-frame.ts';
import type { StreamSigns } from '../../protocol/apis/answer-signs.ts';
import { FrameReader } from '../../protocol/sse/frame-reader.ts';

const blankLine = '\n\n';
/** What many send behind the end of a stream. */
const done = `data: [DONE]${blankLine}`;

/**
 * The beginning of an event stream in which nothing is to be decided, as a look at its chunks tells: most streams have nothing else.
 * Of what a reader has to know that comes later all the same, the bytes are kept.
 */
export class UnreadBeginning {
  readonly #signs: StreamSigns;
  readonly #limits: AnswerLimits;
  readonly #kept: Buffer[] = [];
  #bytes = 0;
  #hasEnded = false;

  constructor(signs: StreamSigns, limits: AnswerLimits) {
    this.#signs = signs;
    this.#limits = limits;
  }

  /** How long it is. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether a chunk belongs to it, and goes on unread. With the first one that does not it is over. */
  passes(chunk: Buffer): boolean {
    const { maxEventBytes, maxStreamBytes } = this.#limits;
    if (chunk.length > maxEventBytes || this.#bytes + chunk.length > maxStreamBytes) return false;
    const text = chunk.toString('latin1');
    if (!text.endsWith(blankLine) || this.#signs.concerning.test(text)) return false;
    const isKept = this.#signs.kept.test(text);
    if (this.#hasEnded ? text !== done : isKept && !this.#endsWell(text)) return false;
    this.#bytes += chunk.length;
    if (isKept) this.#kept.push(chunk);
    return true;
  }

  /** The frames that a reader has to be given before those that follow. */
  frames(): readonly SseFrame[] {
    const reader = new FrameReader({ maxEventBytes: Infinity, maxStreamBytes: Infinity });
    return this.#kept.flatMap((chunk) => reader.take(chunk));
  }

  /** Whether the end of the stream, where it is in a chunk, is the last thing there. */
  #endsWell(text: string): boolean {
    const at = text.search(this.#signs.end);
    if (at < 0) return true;
    this.#hasEnded = true;
    const rest = text.slice(text.indexOf(blankLine, at) + blankLine.length);
    return rest === '' || rest === done;
  }
}
