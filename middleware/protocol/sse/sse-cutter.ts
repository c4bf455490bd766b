const lineFeed = 0x0a;
const carriageReturn = 0x0d;
/** What is kept of a frame that is too large: enough to tell what it is. */
const beginningBytes = 1024;

/**
 * Cuts an event stream into frames at blank lines, whatever the line ends (LF, CRLF, CR) and wherever the chunks
 * were cut. No byte is changed or lost: the frames and the unfinished rest joined are the stream. Only of a frame
 * larger than `maxBytes` no more than the beginning is kept, and handed on in its place. Source of the rule: WHATWG
 * HTML, "Server-sent events", "Parsing an event stream".
 */
export class SseCutter {
  /** Joined once, when the frame ends: concatenating on every chunk would be quadratic for a large event. */
  #pieces: Buffer[] = [];
  #heldBytes = 0;
  #isCut = false;
  #lineIsEmpty = true;
  #afterReturn = false;

  readonly #maxBytes: number;
  readonly #onTooLarge: () => void;

  /** `onTooLarge` hears of each frame that is larger, as soon as it is. */
  constructor(maxBytes = Infinity, onTooLarge: () => void = () => undefined) {
    this.#maxBytes = maxBytes;
    this.#onTooLarge = onTooLarge;
  }

  /** Takes a chunk and hands every frame that it completes to `onFrame`, in order. */
  feed(chunk: Buffer, onFrame: (raw: Buffer) => void): void {
    let frameStart = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (byte !== lineFeed && byte !== carriageReturn) {
        this.#lineIsEmpty = false;
        this.#afterReturn = false;
        continue;
      }
      if (byte === lineFeed && this.#afterReturn) {
        // The second half of a CRLF, not a line of its own.
        this.#afterReturn = false;
        continue;
      }
      this.#afterReturn = byte === carriageReturn;
      if (this.#lineIsEmpty) {
        if (this.#afterReturn && chunk[at + 1] === lineFeed) {
          at += 1;
          this.#afterReturn = false;
        }
        onFrame(this.#join(chunk.subarray(frameStart, at + 1)));
        frameStart = at + 1;
      }
      this.#lineIsEmpty = true;
    }
    if (frameStart < chunk.length) this.#keep(frameStart === 0 ? chunk : chunk.subarray(frameStart));
  }

  /** Whether a frame of our own could be inserted here: nothing of an unfinished frame was seen. */
  isAtBoundary(): boolean {
    const first = this.#pieces[0];
    if (first === undefined) return true;
    // The line feed of a CRLF whose carriage return already ended the frame before it.
    return this.#pieces.length === 1 && first.length === 1 && first[0] === lineFeed;
  }

  /** The bytes of the frame that was never finished; empty when there are none. */
  rest(): Buffer {
    return Buffer.concat(this.#pieces);
  }

  #join(last: Buffer): Buffer {
    if (this.#pieces.length === 0 && last.length <= this.#maxBytes) return last;
    this.#keep(last);
    const whole = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#heldBytes = 0;
    this.#isCut = false;
    return whole;
  }

  #keep(piece: Buffer): void {
    if (this.#isCut) return;
    this.#pieces.push(piece);
    this.#heldBytes += piece.length;
    if (this.#heldBytes <= this.#maxBytes) return;
    this.#isCut = true;
    // A copy: a part of a piece would keep all of it.
    this.#pieces = [Buffer.concat(this.#pieces, Math.min(this.#heldBytes, beginningBytes))];
    this.#onTooLarge();
  }
}
