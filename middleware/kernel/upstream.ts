import type { ByteStream } from './byte-stream.ts';
import type { Exchange } from './exchange.ts';
import type { RawHeaders } from './headers.ts';
import type { RouteKind } from './route-kind.ts';

/** An upstream's answer, its body unread. */
export interface UpstreamAnswer {
  readonly status: number;
  readonly statusMessage: string;
  /** As on the wire, with hop-by-hop headers and those that are internal to the upstream taken out. */
  readonly headers: RawHeaders;
  readonly body: ByteStream;
  /** An error in the form of another API than the client's. */
  readonly isErrorForeign?: boolean;
  readonly route: RouteKind;
  /** The provider that answered, as far as the answer tells: `openai`, `anthropic` … */
  readonly provider: string | undefined;
  /** What the upstream says that the call cost, in US dollars. */
  readonly costUsd: number | undefined;
  /** `performance.now()` when the answer's head came in. */
  readonly answeredAt: number;
}

/** A place that answers model calls. */
export interface Upstream {
  readonly kind: RouteKind;
  /**
   * Makes the call and resolves with the head of the answer, whatever its status. Rejects with a CodexPlusError
   * (`upstream_unreachable`, `upstream_timeout`, `upstream_not_ready` …) when there is no answer.
   */
  readonly send: (exchange: Exchange) => Promise<UpstreamAnswer>;
}
