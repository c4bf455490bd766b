/** What of a body goes on to whoever reads it. */
export interface BodyReader {
  /** What goes on of a piece; throws where all of it is broken off. */
  readonly take: (piece: Buffer) => Buffer | undefined;
  /** What goes on at its end. */
  readonly end: () => Buffer | undefined;
  /** It is over, or nobody reads it any more. */
  readonly leave?: () => void;
}

/**
 * The same answer, with what a reader makes of its body. `open` gets what passes something on between the pieces. One stream
 * that is pulled from: three of `TransformStream` in a row cost four times as much.
 */
export function answerThrough(
  answer: Response,
  open: (pass: (bytes: Buffer) => void) => BodyReader,
): Response {
  const { body, status, statusText, headers } = answer;
  if (body === null) return answer;
  const other = new Response(pulled(body.getReader(), open), { status, statusText, headers });
  // Whoever follows redirects goes by the address.
  Object.defineProperty(other, 'url', { value: answer.url });
  return other;
}

/** The same answer, which breaks off where it is larger than it may be. */
export function boundedAnswer(answer: Response, maxBytes: number): Response {
  return answerThrough(answer, () => {
    const count = createCount(maxBytes);
    return {
      take: (piece) => {
        count(piece.length);
        return piece;
      },
      end: () => undefined,
    };
  });
}

/** Adds bytes up; throws where they are too many. */
export function createCount(maxBytes: number): (bytes: number) => void {
  let size = 0;
  return (bytes) => {
    size += bytes;
    if (size > maxBytes) throw tooMuch(maxBytes);
  };
}

export function tooMuch(maxBytes: number): Error {
  return new Error(`it sent more than ${maxBytes} bytes at once`);
}

function pulled(
  source: ReadableStreamDefaultReader<Uint8Array>,
  open: Parameters<typeof answerThrough>[1],
): ReadableStream<Uint8Array> {
  let reader: BodyReader | undefined;
  let isLeft = false;
  const leave = (): void => {
    isLeft = true;
    reader?.leave?.();
  };
  const next = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    for (;;) {
      const { done, value } = await source.read();
      if (isLeft) return;
      const passed = done ? reader?.end() : reader?.take(bufferOf(value));
      if (passed !== undefined) controller.enqueue(passed);
      if (done) {
        leave();
        controller.close();
      }
      if (done || passed !== undefined) return;
    }
  };
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        reader = open((bytes) => {
          controller.enqueue(bytes);
        });
      },
      pull: async (controller) => {
        try {
          await next(controller);
        } catch (error) {
          leave();
          // It may be what failed.
          source.cancel(error).catch(() => undefined);
          throw error;
        }
      },
      cancel: async (reason) => {
        leave();
        await source.cancel(reason);
      },
    },
    // Nothing is asked of the server that nobody waits for.
    { highWaterMark: 0 },
  );
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
