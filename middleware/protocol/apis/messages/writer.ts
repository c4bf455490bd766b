import type { JsonObject } from '../../../kernel/json-object.ts';
import type { SseFrame } from '../../../kernel/sse-frame.ts';
import type { LocalAnswerHead } from '../local-answer.ts';
import { messagesAnswer } from './local-answer.ts';
import { messagesCallEvents } from './calls.ts';
import { eventFrame, objectAt, textAt } from '../common/read-event.ts';
import type { AnswerEnd, AnswerWriter, EndPart, FramePart } from '../round.ts';
import { Shift } from '../common/shift.ts';

/** Writes one stream of the Messages API, its content blocks numbered without gaps. */
export class MessagesWriter implements AnswerWriter {
  readonly #indexes = new Shift();
  #isChanged = false;

  beginRound(): void {
    this.#indexes.beginRound();
  }

  pass({ frame, event }: FramePart): readonly SseFrame[] {
    const index = event?.['index'];
    const shifted = typeof index === 'number' ? this.#indexes.of(index) : undefined;
    if (!this.#isChanged || event === undefined || typeof index !== 'number') return [frame];
    if (shifted === undefined) return [];
    return shifted === index ? [frame] : [eventFrame({ ...event, index: shifted }, frame.event)];
  }

  drop(pieces: readonly FramePart[]): void {
    this.#isChanged = true;
    const index = indexIn(pieces);
    if (index !== undefined) this.#indexes.drop(index);
  }

  rewrite(pieces: readonly FramePart[], item: JsonObject): readonly SseFrame[] {
    this.#isChanged = true;
    const index = this.#indexes.of(indexIn(pieces) ?? 0) ?? 0;
    return messagesCallEvents(item, index).map(named);
  }

  say(head: LocalAnswerHead, text: string): readonly SseFrame[] {
    this.#isChanged = true;
    const index = this.#indexes.take();
    return messagesAnswer(head, text)
      .events.map(([, data]) => JSON.parse(data) as JsonObject)
      .filter((event) => 'index' in event)
      .map((event) => named({ ...event, index }));
  }

  end(pieces: readonly EndPart[], { usage, hasCalls }: AnswerEnd): readonly SseFrame[] {
    if (!this.#isChanged) return pieces.map(({ frame }) => frame);
    return pieces.map(({ frame, event }) => {
      if (event?.['type'] !== 'message_delta') return frame;
      const delta = objectAt(event, 'delta');
      const isIdle = textAt(delta, 'stop_reason') === 'tool_use' && !hasCalls;
      const ended = isIdle ? { ...delta, stop_reason: 'end_turn' } : delta;
      return eventFrame({ ...event, delta: ended, usage: usage ?? event['usage'] }, frame.event);
    });
  }
}

function named(event: JsonObject): SseFrame {
  return eventFrame(event, textAt(event, 'type'));
}

function indexIn(pieces: readonly FramePart[]): number | undefined {
  const found = pieces.map(({ event }) => event?.['index']).find((index) => typeof index === 'number');
  return typeof found === 'number' ? found : undefined;
}
