import type { ByteStream } from '../../kernel/byte-stream.ts';
import type { RawHeaders } from '../../kernel/headers.ts';

/** One HTTP call to an upstream. */
export interface UpstreamCall {
  readonly method: string;
  readonly url: URL;
  /** Sent as they are, in order; `host`, `content-length` and `connection` are the transport's and must not be among them. */
  readonly headers: RawHeaders;
  readonly body: Buffer;
  /** Ends the call at any time, also while the body is being read. */
  readonly signal: AbortSignal;
}

/** The head of an upstream's answer and its unread body. */
export interface TransportAnswer {
  readonly status: number;
  readonly statusMessage: string;
  /** As on the wire, hop-by-hop headers included. */
  readonly headers: RawHeaders;
  readonly body: ByteStream;
}

/**
 * Makes HTTP calls. Never follows redirects, never decodes bodies, never retries. Rejects with CodexPlusError:
 * `upstream_unreachable` (refused, reset, name not found), `upstream_unreadable` (no HTTP), `upstream_timeout` (no
 * head in time). A body that breaks off or stays silent too long fails its sink with `stream_incomplete`.
 */
export interface Transport {
  readonly call: (call: UpstreamCall) => Promise<TransportAnswer>;
  /** Ends idle connections; running calls go on. */
  readonly close: () => Promise<void>;
}
