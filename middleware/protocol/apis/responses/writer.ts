import type { JsonObject } from '../../../kernel/json-object.ts';
import type { SseFrame } from '../../../kernel/sse-frame.ts';
import type { LocalAnswerHead } from '../local-answer.ts';
import { responsesAnswer } from './local-answer.ts';
import { eventFrame, objectAt, readEvent } from '../common/read-event.ts';
import { responsesCallEvents } from './calls/call-events.ts';
import type { AnswerEnd, AnswerWriter, EndPart, FramePart } from '../round.ts';
import { Shift } from '../common/shift.ts';
import { withoutMember } from '../../json/without-member.ts';

/** Writes one stream of the Responses API: `sequence_number` and `output_index` fit, whatever was taken out or put in. */
export class ResponsesWriter implements AnswerWriter {
  readonly #indexes = new Shift();
  #isChanged = false;
  /** Of the next frame, from the first change on; `undefined` where the upstream numbers nothing. */
  #sequence: number | undefined;
  /** The answer is one to the client, so that its id stays. */
  #identity: JsonObject | undefined;

  beginRound(): void {
    this.#indexes.beginRound();
  }

  pass(piece: FramePart): readonly SseFrame[] {
    const event = piece.event ?? (this.#isChanged ? readEvent(piece.frame) : undefined);
    if (event === undefined) return [piece.frame];
    if (piece.kind === 'opening') this.#identity ??= identityOf(objectAt(event, 'response'));
    const index = event['output_index'];
    const shifted = typeof index === 'number' ? this.#indexes.of(index) : undefined;
    if (!this.#isChanged) return [piece.frame];
    if (typeof index === 'number' && shifted === undefined) return [];
    return [this.#numbered(event, shifted, piece.frame.event)];
  }

  drop(pieces: readonly FramePart[]): void {
    this.#change(pieces);
    const index = indexIn(pieces);
    if (index !== undefined) this.#indexes.drop(index);
  }

  rewrite(pieces: readonly FramePart[], item: JsonObject): readonly SseFrame[] {
    this.#change(pieces);
    // A call that came only with the end is in nothing but the end.
    if (pieces.length === 0) return [];
    const index = indexIn(pieces);
    const shifted = index === undefined ? undefined : this.#indexes.of(index);
    const events = responsesCallEvents(item);
    // A provider that streams no more than finished items gets no other events either.
    const wanted = pieces.length > 1 ? events : events.slice(-1);
    return wanted.map((event) => this.#framed(event, shifted));
  }

  say(head: LocalAnswerHead, text: string): readonly SseFrame[] {
    this.#isChanged = true;
    const index = this.#indexes.take();
    return responsesAnswer(head, text)
      .events.map(([, data]) => JSON.parse(data) as JsonObject)
      .filter((event) => 'output_index' in event)
      .map((event) => this.#framed(event, index));
  }

  end(pieces: readonly EndPart[], { items, usage }: AnswerEnd): readonly SseFrame[] {
    if (!this.#isChanged) return pieces.flatMap((piece) => this.pass(piece));
    return pieces.flatMap((piece) => {
      const { event } = piece;
      if (event === undefined || !('response' in event)) return this.pass(piece);
      const response = {
        ...objectAt(event, 'response'),
        ...this.#identity,
        output: items,
        ...(usage === undefined ? {} : { usage }),
      };
      return [this.#numbered({ ...event, response }, undefined, piece.frame.event)];
    });
  }

  #change(pieces: readonly FramePart[]): void {
    if (this.#isChanged) return;
    this.#isChanged = true;
    const first = pieces
      .map(({ event }) => event?.['sequence_number'])
      .find((number) => typeof number === 'number');
    this.#sequence = typeof first === 'number' ? first : undefined;
  }

  /** An event of ours: it has a name, as those of OpenAI have. */
  #framed(event: JsonObject, index: number | undefined): SseFrame {
    const numbered =
      this.#sequence === undefined
        ? withoutMember(event, 'sequence_number')
        : { ...event, sequence_number: 0 };
    const placed = index === undefined ? withoutMember(numbered, 'output_index') : numbered;
    return this.#numbered(placed, index, String(event['type']));
  }

  #numbered(event: JsonObject, index: number | undefined, name: string | undefined): SseFrame {
    const numbered: Record<string, unknown> = { ...event };
    if (index !== undefined) numbered['output_index'] = index;
    if ('sequence_number' in numbered && this.#sequence !== undefined) {
      numbered['sequence_number'] = this.#sequence;
      this.#sequence += 1;
    }
    return eventFrame(numbered, name);
  }
}

function identityOf({ id, created_at: createdAt }: JsonObject): JsonObject {
  return {
    ...(id === undefined ? {} : { id }),
    ...(createdAt === undefined ? {} : { created_at: createdAt }),
  };
}

function indexIn(pieces: readonly FramePart[]): number | undefined {
  const found = pieces.map(({ event }) => event?.['output_index']).find((index) => typeof index === 'number');
  return typeof found === 'number' ? found : undefined;
}
