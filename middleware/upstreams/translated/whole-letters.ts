import type { AnswerEvent } from '../../protocol/translation/answer-event.ts';

type Said = Extract<AnswerEvent, { readonly delta: string }>;

const replacement = '\ufffd';

/**
 * Joins letters that a provider cut in two: half of one is no text that could be written, and clients refuse events with it. One whose
 * other half never comes is told as U+FFFD.
 */
export class WholeLetters {
  /** The first half of a letter that ended the last piece. */
  #half: { readonly kind: Said['kind']; readonly letter: string } | undefined;

  /** What can be told with the next event. */
  take(event: AnswerEvent): readonly AnswerEvent[] {
    const half = this.#half;
    if ('delta' in event) {
      if (half === undefined) return event.delta.isWellFormed() ? [event] : this.#whole(event, event.delta);
      if (half.kind === event.kind) return this.#whole(event, half.letter + event.delta);
    }
    if (half === undefined) return [event];
    this.#half = undefined;
    return [{ kind: half.kind, delta: replacement }, ...this.take(event)];
  }

  #whole(event: Said, text: string): readonly AnswerEvent[] {
    const letter = /[\ud800-\udbff]$/.exec(text)?.[0];
    this.#half = letter === undefined ? undefined : { kind: event.kind, letter };
    const delta = (letter === undefined ? text : text.slice(0, -1)).toWellFormed();
    return delta === '' ? [] : [{ ...event, delta }];
  }
}
