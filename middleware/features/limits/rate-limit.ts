import { BoundedMap } from '../../kernel/bounds/bounded-map.ts';
import { CodexPlusError } from '../../kernel/errors.ts';
import type { RateLimitConfig } from '../../platform/config/config.ts';

/** How much a caller may still ask, and when that was so. */
interface Bucket {
  tokens: number;
  at: number;
}

/** Callers that are told apart at once. Of one that falls out, the bucket is full again. */
const maxCallers = 10_000;

/**
 * A token bucket for each caller: `max` requests at once, and as many again in each window, evenly. Kept in this
 * process and in no other.
 */
export class RateLimit {
  readonly #config: RateLimitConfig;
  readonly #now: () => number;
  readonly #buckets = new BoundedMap<string, Bucket>(maxCallers);

  /** `now` only goes forward, in milliseconds. */
  constructor(config: RateLimitConfig, now: () => number) {
    this.#config = config;
    this.#now = now;
  }

  /** Counts a request. Throws a CodexPlusError (429, with `retry-after`) where its caller has asked too much. */
  take(caller: string): void {
    const { max, windowMs } = this.#config;
    const perMs = max / windowMs;
    const now = this.#now();
    const bucket = this.#buckets.get(caller) ?? { tokens: max, at: now };
    bucket.tokens = Math.min(max, bucket.tokens + (now - bucket.at) * perMs);
    bucket.at = now;
    const isEmpty = bucket.tokens < 1;
    if (!isEmpty) bucket.tokens -= 1;
    this.#buckets.set(caller, bucket);
    if (!isEmpty) return;
    throw new CodexPlusError(
      'rate_limit_exceeded',
      `more than ${max} requests in ${windowMs / 1000} s; send the request again later`,
      { retryAfterSeconds: Math.ceil((1 - bucket.tokens) / perMs / 1000) },
    );
  }
}
