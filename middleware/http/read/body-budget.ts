import { CodexPlusError } from '../../kernel/errors.ts';

/** The part of one request in what the bodies of all running requests may take. */
export interface BodyShare {
  /** What is left for anybody. */
  readonly free: () => number;
  /** Takes bytes that have come; the error for the client where there is no room for them. */
  readonly take: (bytes: number) => CodexPlusError | undefined;
  /** The error for a body that finds no room. */
  readonly refusal: () => CodexPlusError;
  /** Gives back all that was taken; nothing after the first time. */
  readonly release: () => void;
}

const retryAfterSeconds = 2;

/**
 * Bounds the memory that request bodies take together: each is held until the head of its answer is there, and until the
 * answer is over where a model may be called again for it. What is announced is not taken before it comes, or a few clients that announce much and send
 * nothing would shut out the others. `setting` is how whoever runs this knows the bound.
 */
export function createBodyBudget(maxBytes: number, setting: string): () => BodyShare {
  let taken = 0;
  const refusal = (): CodexPlusError =>
    new CodexPlusError(
      'overloaded',
      `the request bodies that are being served take all of ${maxBytes} bytes; send the request again, or raise ${setting}`,
      { retryAfterSeconds },
    );
  return () => {
    let own = 0;
    return {
      free: () => maxBytes - taken,
      take: (bytes) => {
        if (taken + bytes > maxBytes) return refusal();
        taken += bytes;
        own += bytes;
        return undefined;
      },
      refusal,
      release: () => {
        taken -= own;
        own = 0;
      },
    };
  };
}
