import type { ErrorCode } from '../../kernel/errors.ts';
import type { Usage } from '../../kernel/usage.ts';
import type { Original } from './original.ts';
import type { CallKind, ToolName } from './model-request.ts';

/**
 * A piece of a model's answer, in the words of no API, in the order in which it came. Parts do not overlap: each ends
 * before the next begins, and `end` or `failed` is the last.
 */
export type AnswerEvent =
  | { readonly kind: 'begin'; readonly id: string | undefined; readonly model: string | undefined }
  | { readonly kind: 'text'; readonly delta: string }
  | { readonly kind: 'text-end' }
  | { readonly kind: 'reasoning'; readonly delta: string }
  /** May come without any `reasoning` before it, where a provider shows nothing of its thoughts. */
  | { readonly kind: 'reasoning-end'; readonly original: Original | undefined }
  | CallBegin
  /** Of a `custom` call a piece of its text, of all others a piece of JSON. */
  | { readonly kind: 'call-input'; readonly delta: string }
  | CallEnd
  /** In the place of `call-end`: the answer was cut off in the call, which is not whole and must not be run. */
  | { readonly kind: 'call-cut' }
  | AnswerEnd
  /** `usage`: what was used all the same, where the provider told. */
  | { readonly kind: 'failed'; readonly failure: AnswerFault; readonly usage: AnswerUsage | undefined };

export type CallEvent = Extract<
  AnswerEvent,
  { readonly kind: 'call-begin' | 'call-input' | 'call-end' | 'call-cut' }
>;

export interface CallBegin extends ToolName {
  readonly kind: 'call-begin';
  readonly callKind: CallKind;
  readonly callId: string;
}

/** `isObject`: whether its input is a JSON object, as most tools take it; not asked of a `custom` call. */
export interface CallEnd {
  readonly kind: 'call-end';
  readonly isObject: boolean;
}

export interface AnswerEnd {
  readonly kind: 'end';
  readonly reason: EndReason;
  /** What the provider said itself, where nobody knows what it means. */
  readonly told?: string;
  /**
   * How it ended as a summary, where that is another end: a refusal in words, or the word for a call where there is none, is whole as an
   * answer, and may not take the place of a conversation.
   */
  readonly asSummary?: EndReason;
  readonly usage: AnswerUsage | undefined;
}

/**
 * `stop`, `calls`: the answer is whole. `limit`: the output limit cut it off. `filtered`: the provider refused to go on.
 * `paused`: the model wants to be called again. `unknown`: in a word of the provider that nobody knows, so that it may be half.
 */
export type EndReason = 'stop' | 'calls' | 'limit' | 'filtered' | 'paused' | 'unknown';

/** `inputTokens` has those of the cache in it, as OpenAI counts. */
export interface AnswerUsage extends Usage {
  readonly cacheWriteTokens: number;
}

/** `broken`: at the provider, which says so itself. `failed`: nobody says whose fault it is. */
export interface AnswerFault {
  readonly kind:
    | 'context-length'
    | 'quota'
    | 'rate-limit'
    | 'overloaded'
    | 'too-large'
    | 'unknown-model'
    | 'invalid'
    | 'broken'
    | 'failed';
  /** Under which clients are told of it, where its kind does not say enough. */
  readonly code?: ErrorCode;
  readonly message: string;
  readonly retryAfterSeconds: number | undefined;
}
