/** One event of a Server-Sent Events stream, with the bytes it came in. */
export interface SseFrame {
  /** The bytes of the frame, its blank line included; written as they are when nothing changed the frame. */
  readonly raw: Buffer;
  /** The value of the last `event:` line. */
  readonly event: string | undefined;
  /** The `data:` lines joined with line feeds; `undefined` for a frame without any (a comment). */
  readonly data: string | undefined;
}
