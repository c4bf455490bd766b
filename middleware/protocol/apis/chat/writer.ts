import type { JsonObject } from '../../../kernel/json-object.ts';
import type { SseFrame } from '../../../kernel/sse-frame.ts';
import type { LocalAnswerHead } from '../local-answer.ts';
import { textSeparator } from './calls.ts';
import { eventFrame, objectAt, objectsIn, textAt } from '../common/read-event.ts';
import type { AnswerEnd, AnswerWriter, EndPart, FramePart } from '../round.ts';
import { Shift } from '../common/shift.ts';

/** Writes one stream of the Chat Completions API: one id, the calls numbered from zero, the texts of rounds set apart. */
export class ChatWriter implements AnswerWriter {
  readonly #indexes = new Shift();
  #isChanged = false;
  #isSeparate = true;
  #hasText = false;
  /** What all chunks of the answer have in common, from its first one. */
  #identity: JsonObject | undefined;

  beginRound(): void {
    this.#indexes.beginRound();
    this.#isSeparate = false;
  }

  pass(piece: FramePart): readonly SseFrame[] {
    const { frame, event } = piece;
    if (event === undefined) return [frame];
    this.#identity ??= identityOf(event);
    const [choice] = objectsIn(event['choices']);
    const delta = choice === undefined ? {} : objectAt(choice, 'delta');
    const changed = choice === undefined ? {} : this.#changedDelta(delta);
    if (!this.#isChanged) return [frame];
    const choices =
      choice === undefined ? event['choices'] : [{ ...choice, delta: { ...delta, ...changed } }];
    return [eventFrame({ ...event, ...this.#identity, choices }, frame.event)];
  }

  drop(pieces: readonly FramePart[]): void {
    this.#isChanged = true;
    this.#identity ??= pieces[0]?.event === undefined ? undefined : identityOf(pieces[0].event);
    const index = indexIn(pieces);
    if (index !== undefined) this.#indexes.drop(index);
  }

  rewrite(pieces: readonly FramePart[], item: JsonObject): readonly SseFrame[] {
    this.#isChanged = true;
    const [first] = pieces;
    if (first?.event === undefined) return [];
    this.#identity ??= identityOf(first.event);
    const [choice = {}] = objectsIn(first.event['choices']);
    const index = this.#indexes.of(indexIn(pieces) ?? 0) ?? 0;
    const { role } = objectAt(choice, 'delta');
    const delta = { ...(role === undefined ? {} : { role }), tool_calls: [{ index, ...item }] };
    const chunk = { ...first.event, ...this.#identity, choices: [{ ...choice, delta, finish_reason: null }] };
    return [eventFrame(chunk, first.frame.event)];
  }

  say(head: LocalAnswerHead, text: string): readonly SseFrame[] {
    this.#isChanged = true;
    const content = this.#hasText ? textSeparator + text : text;
    this.#hasText = true;
    const { model, nowSeconds, id } = head;
    const own = {
      id: `chatcmpl-codexplus-${id}`,
      object: 'chat.completion.chunk',
      created: nowSeconds,
      model,
    };
    const choice = { index: 0, delta: { content }, finish_reason: null };
    return [eventFrame({ ...own, ...this.#identity, choices: [choice] })];
  }

  end(pieces: readonly EndPart[], { usage, hasCalls }: AnswerEnd): readonly SseFrame[] {
    if (!this.#isChanged) return pieces.flatMap((piece) => this.pass(piece));
    return pieces.map(({ frame, event }) => {
      if (event === undefined) return frame;
      const choices = objectsIn(event['choices']).map((choice) => {
        const delta = objectAt(choice, 'delta');
        const reason = choice['finish_reason'];
        const finish = reason === 'tool_calls' && !hasCalls ? 'stop' : reason;
        return { ...choice, delta: { ...delta, ...this.#changedDelta(delta) }, finish_reason: finish };
      });
      const summed = event['usage'] === undefined || event['usage'] === null ? {} : { usage };
      return eventFrame({ ...event, ...this.#identity, choices, ...summed }, frame.event);
    });
  }

  /** What is another in a delta than the upstream has it: where its calls stand, and what sets a text apart. */
  #changedDelta(delta: JsonObject): JsonObject {
    const calls = objectsIn(delta['tool_calls']).map((call) => {
      const index = typeof call['index'] === 'number' ? this.#indexes.of(call['index']) : undefined;
      return index === undefined ? call : { ...call, index };
    });
    const changed = calls.length === 0 ? {} : { tool_calls: calls };
    const content = textAt(delta, 'content');
    if (content === '') return changed;
    const isApart = this.#isSeparate || !this.#hasText;
    this.#isSeparate = true;
    this.#hasText = true;
    return isApart ? changed : { ...changed, content: textSeparator + content };
  }
}

function identityOf({ id, created, model }: JsonObject): JsonObject {
  return {
    ...(id === undefined ? {} : { id }),
    ...(created === undefined ? {} : { created }),
    ...(model === undefined ? {} : { model }),
  };
}

function indexIn(pieces: readonly FramePart[]): number | undefined {
  for (const { event } of pieces) {
    for (const choice of objectsIn(event?.['choices'])) {
      const index = objectsIn(objectAt(choice, 'delta')['tool_calls'])[0]?.['index'];
      if (typeof index === 'number') return index;
    }
  }
  return undefined;
}
