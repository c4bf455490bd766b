/** Where a stream's bytes go, chunk by chunk. */
export interface ByteSink {
  /** Takes a chunk; `false` asks the stream to pause until its `resume()` is called. */
  readonly data: (chunk: Buffer) => boolean;
  /** The last chunk was delivered; nothing follows. */
  readonly end: () => void;
  /** The stream broke; nothing follows. */
  readonly fail: (error: Error) => void;
}

/** Bytes from an upstream that nobody has read yet. It is read once: by `deliver` or by iterating, not both. */
export interface ByteStream extends AsyncIterable<Buffer> {
  /** Pushes every chunk into the sink, the cheapest way to read. */
  readonly deliver: (sink: ByteSink) => void;
  /** Goes on after the sink asked for a pause. */
  readonly resume: () => void;
  /** Gives the stream up and ends the upstream call; the sink hears nothing more. */
  readonly cancel: () => void;
  /** The one chunk of a stream that is over, and that nobody has begun to read; `undefined` for any other. Looking at it does not read it. */
  readonly whole?: Buffer | undefined;
}
