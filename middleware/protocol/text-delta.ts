import type { Api } from '../kernel/exchange.ts';
import type { SseFrame } from '../kernel/sse-frame.ts';
import { codecOf } from './apis/codec-of.ts';
import { eventFrame, readEvent } from './apis/common/read-event.ts';

/** A piece of streamed text that the user sees. */
export interface TextDelta {
  /** Which text it belongs to; pieces of one text have the same key. */
  readonly key: string;
  readonly text: string;
  /** The same frame with another text in it. */
  readonly withText: (text: string) => SseFrame;
}

/**
 * The visible text in a frame; `undefined` for every other frame, also for one that says more than a piece of text.
 * Most frames are ruled out by a search in their bytes, without a parse.
 */
export function textDeltaOf(api: Api, frame: SseFrame): TextDelta | undefined {
  const { textHint, textIn } = codecOf(api).answer;
  if (!frame.raw.includes(textHint)) return undefined;
  const event = readEvent(frame);
  const found = event === undefined ? undefined : textIn(event);
  if (found === undefined) return undefined;
  return {
    key: found.key,
    text: found.text,
    withText: (text) => eventFrame(found.replace(text), frame.event),
  };
}
