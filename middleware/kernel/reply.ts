import type { ByteStream } from './byte-stream.ts';
import type { Exchange } from './exchange.ts';
import type { RawHeaders } from './headers.ts';
import type { SseFrame } from './sse-frame.ts';

/** What goes back to the client: bytes that are complete, a stream of them, or the frames of an event stream. */
export interface Reply {
  readonly kind: 'reply';
  readonly status: number;
  readonly statusMessage?: string;
  readonly headers: RawHeaders;
  readonly body: ReplyBody;
}

/** A reply that is there as a whole. */
export interface WholeReply extends Reply {
  readonly body: WholeBody;
}

interface WholeBody {
  readonly kind: 'bytes';
  readonly bytes: Buffer;
}

export type ReplyBody =
  | WholeBody
  | { readonly kind: 'stream'; readonly stream: ByteStream }
  /** Read once; ends by itself when the exchange's signal aborts. */
  | { readonly kind: 'frames'; readonly frames: AsyncIterable<SseFrame> };

/** Tells a reply from an exchange that goes on. */
export function isReply(value: Exchange | Reply): value is Reply {
  return 'kind' in value;
}
