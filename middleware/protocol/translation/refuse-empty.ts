import type { AnswerEnd, AnswerEvent } from './answer-event.ts';
import { brokenAnswer } from './faults/broken-answer.ts';
import type { TranslationReader } from './translation-codec.ts';

/**
 * Reads an answer, and has one fail that ends well with nothing in it: no text, thought or call, and no token that was written. So
 * some bridges pass on an error that came in the place of an answer.
 */
export function refusingEmpty(reader: TranslationReader): TranslationReader {
  const content = new AnswerContent();
  return { read: (frame) => content.check(reader.read(frame)), finish: () => content.check(reader.finish()) };
}

/** The same of an answer that is no stream. */
export function refuseEmpty(events: readonly AnswerEvent[]): readonly AnswerEvent[] {
  return new AnswerContent().check(events);
}

class AnswerContent {
  #isEmpty = true;

  check(events: readonly AnswerEvent[]): readonly AnswerEvent[] {
    return events.map((event) => {
      this.#isEmpty &&= !saysSomething(event);
      return event.kind === 'end' && this.#isEmpty && isGood(event)
        ? brokenAnswer('empty', event.usage)
        : event;
    });
  }
}

function saysSomething(event: AnswerEvent): boolean {
  if ('delta' in event) return event.delta !== '';
  return event.kind === 'call-begin' || (event.kind === 'reasoning-end' && event.original !== undefined);
}

/** Any other end says itself why nothing came. */
function isGood({ reason, usage }: AnswerEnd): boolean {
  return (reason === 'stop' || reason === 'calls') && (usage?.outputTokens ?? 0) === 0;
}
