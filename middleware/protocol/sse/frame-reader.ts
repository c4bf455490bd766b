import type { AnswerLimits } from '../../kernel/answer-limits.ts';
import { CodexPlusError } from '../../kernel/errors.ts';
import type { SseFrame } from '../../kernel/sse-frame.ts';
import { SseCutter } from './sse-cutter.ts';
import { parseFrame } from './sse-frame.ts';

/**
 * Cuts chunks of an event stream into frames. Joined, their bytes are the stream's. Of more than `limits` the rest is given up:
 * whoever takes frames asks behind each chunk whether it may go on.
 */
export class FrameReader {
  readonly #limits: AnswerLimits;
  readonly #cutter: SseCutter;
  #frames: SseFrame[] = [];
  #bytes: number;
  #isTooLarge = false;

  /** `passedBytes`: what of the stream went by before, which counts as well. */
  constructor(limits: AnswerLimits, passedBytes = 0) {
    this.#limits = limits;
    this.#bytes = passedBytes;
    this.#cutter = new SseCutter(limits.maxEventBytes, () => (this.#isTooLarge = true));
  }

  /** The frames that a chunk completes. Throws where the stream is too large by now. */
  take(chunk: Buffer): readonly SseFrame[] {
    const { maxStreamBytes } = this.#limits;
    this.#bytes += chunk.length;
    if (this.#bytes > maxStreamBytes) throw tooLarge('the answer', maxStreamBytes, 'limits.maxStreamBytes');
    this.#cutter.feed(chunk, this.#onFrame);
    const frames = this.#frames;
    this.#frames = [];
    return frames;
  }

  /** Throws where an event is too large: the frames before it were taken by then. */
  assertWithin(): void {
    const { maxEventBytes } = this.#limits;
    if (this.#isTooLarge) throw tooLarge('an event', maxEventBytes, 'limits.maxEventBytes');
  }

  /** What stands after the last blank line, once nothing follows. */
  rest(): readonly SseFrame[] {
    const rest = this.#cutter.rest();
    return rest.length === 0 ? [] : [parseFrame(rest)];
  }

  readonly #onFrame = (raw: Buffer): void => {
    if (!this.#isTooLarge) this.#frames.push(parseFrame(raw));
  };
}

function tooLarge(what: string, maxBytes: number, setting: string): CodexPlusError {
  return new CodexPlusError(
    'answer_too_large',
    `${what} of the upstream is larger than ${maxBytes} bytes; raise ${setting} in codex_plus.json to accept it`,
  );
}
