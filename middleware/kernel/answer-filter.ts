import type { Exchange } from './exchange.ts';
import type { ByteStream } from './byte-stream.ts';
import type { JsonObject } from './json-object.ts';
import type { SseFrame } from './sse-frame.ts';

/**
 * Changes what an upstream answers. An exchange that no filter wants keeps the bytes depth: its answer is never cut.
 * What a filter throws ends the answer with an error, never politely.
 */
export interface AnswerFilter {
  readonly name: string;
  /** Asked once per exchange, after the stages and before the upstream call. */
  readonly wants: (exchange: Exchange) => boolean;
  /** Sees the frames of a stream in order and yields those that go on; yields the same object where it changes nothing. */
  readonly events: (frames: AsyncIterable<SseFrame>, exchange: Exchange) => AsyncIterable<SseFrame>;
  /**
   * The same for a stream that no other filter wants, where the filter can read it as its bytes come; `undefined` where it has to
   * have its frames.
   */
  readonly bytes?: (stream: ByteStream, exchange: Exchange) => ByteStream | undefined;
  /** Whether an answer that is no stream goes on as it is, as a look at its bytes tells: nobody reads it then. */
  readonly passes?: (answer: Buffer, exchange: Exchange) => boolean;
  /**
   * The same for an answer that is no stream; returns the same object where it changes nothing. `text`: as it came
   * from the upstream.
   */
  readonly json: (answer: JsonObject, exchange: Exchange, text: string) => JsonObject | Promise<JsonObject>;
}
