/** How long a line may wait for others. */
const longestWaitMs = 25;
/** As many characters as may wait. */
const mostWaiting = 64 * 1024;

/**
 * Writes many lines at once: a write to a pipe or a file costs as much as all else of a line. What waits goes out after a moment, before
 * what does not wait, and where the process ends.
 */
export class LineBatch {
  readonly #write: (lines: string) => void;
  #waiting: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** `write`: of one line or more, without the last line end. */
  constructor(write: (lines: string) => void) {
    this.#write = write;
  }

  /** Goes out at once. */
  readonly write = (line: string): void => {
    const lines = this.#behindWaiting(line);
    this.#waiting = undefined;
    this.#stopWaiting();
    this.#write(lines);
  };

  /** Goes out soon, with those that come until then. */
  readonly writeSoon = (line: string): void => {
    this.#waiting = this.#behindWaiting(line);
    if (this.#waiting.length >= mostWaiting) this.#writeWaiting();
    else this.#timer ??= this.#startWaiting();
  };

  #behindWaiting(line: string): string {
    return this.#waiting === undefined ? line : `${this.#waiting}\n${line}`;
  }

  readonly #writeWaiting = (): void => {
    const lines = this.#waiting;
    this.#waiting = undefined;
    this.#stopWaiting();
    if (lines !== undefined) this.#write(lines);
  };

  /** A process that has done its work need not wait: its end writes them. */
  #startWaiting(): NodeJS.Timeout {
    process.once('exit', this.#writeWaiting);
    return setTimeout(this.#writeWaiting, longestWaitMs).unref();
  }

  #stopWaiting(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    process.off('exit', this.#writeWaiting);
  }
}
