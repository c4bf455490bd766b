import type { JsonObject } from '../../kernel/json-object.ts';
import type { SseFrame } from '../../kernel/sse-frame.ts';
import type { LocalAnswerHead } from './local-answer.ts';
import type { CallHead, ToolCall } from './tool-call.ts';

/** Whether a call is kept back until it is complete. */
export type Holds = (head: CallHead) => boolean;

/** One thing in the answer to one request, as its API writes it. */
export interface RoundItem {
  /** Names it within its round. */
  readonly key: string;
  readonly item: JsonObject;
  /** `undefined` for all that is no call of a tool of the client. */
  readonly call: ToolCall | undefined;
}

/**
 * How an answer ended: `partial` where the model was cut off or gave several at once, `failed` where an error took
 * its place.
 */
export type Ending = 'complete' | 'partial' | 'failed';

/** What a frame of a stream is. Most frames are one piece; a chunk of the Chat Completions API may be several. */
export type StreamPart =
  /** `opening`: says that an answer begins, and nothing else. */
  | FramePart<'opening'>
  | FramePart<'other'>
  | (FramePart<'held'> & { readonly key: string })
  /** Says that a held call has all of its input. */
  | CompletePart
  /** Belongs to the end of the answer. */
  | EndPart;

export interface FramePart<Kind extends string = 'opening' | 'other' | 'held' | 'end'> {
  readonly kind: Kind;
  readonly frame: SseFrame;
  /** What is in the frame, where somebody has read it. */
  readonly event: JsonObject | undefined;
}

export interface CompletePart {
  readonly kind: 'complete';
  readonly key: string;
  readonly call: ToolCall;
  /** It was held until its name was known, and is none that is decided about; what follows of it is not held. */
  readonly isFree?: boolean;
  /** Clients put its pieces together in different ways, so that they get it as one. */
  readonly isAmbiguous?: boolean;
}

export interface EndPart extends FramePart<'end'> {
  readonly ending: Ending;
  /** Whether nothing that matters follows. */
  readonly isLast: boolean;
}

/** Reads the answer to one request: its frames as they come, then what was in them. */
export interface RoundReader {
  readonly read: (frame: SseFrame) => readonly StreamPart[];
  /** All that the answer said, in its order. Known when its end was read. */
  readonly items: () => readonly RoundItem[];
  readonly usage: () => JsonObject | undefined;
  /**
   * By what a later request can go on from the answer, instead of sending all again; `undefined` where an API has
   * no such thing.
   */
  readonly chainId: () => string | undefined;
}

/** What the answer comes to for the client, after all of its rounds. */
export interface AnswerEnd {
  /** All that the client got, in order. */
  readonly items: readonly JsonObject[];
  /** Of all rounds together. */
  readonly usage: JsonObject | undefined;
  /** Whether the client has calls to run. */
  readonly hasCalls: boolean;
}

/**
 * Writes the one answer that the client sees, out of the pieces of as many rounds as there were. While nothing was
 * taken out or changed, every frame goes on as its own bytes; from then on its numbers are made to fit.
 */
export interface AnswerWriter {
  /** The pieces from here on are those of another answer, which goes on where the last one stopped. */
  readonly beginRound: () => void;
  readonly pass: (piece: FramePart) => readonly SseFrame[];
  /** The pieces of a call do not go out. */
  readonly drop: (pieces: readonly FramePart[]) => void;
  /** The pieces of a call with another input. */
  readonly rewrite: (pieces: readonly FramePart[], item: JsonObject) => readonly SseFrame[];
  /** A text of ours, as if the model had said it. `head`: names it, where its API has names. */
  readonly say: (head: LocalAnswerHead, text: string) => readonly SseFrame[];
  readonly end: (pieces: readonly EndPart[], end: AnswerEnd) => readonly SseFrame[];
}
