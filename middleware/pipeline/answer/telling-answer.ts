import type { Exchange } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { SseFrame } from '../../kernel/sse-frame.ts';
import { hasCalls, holdsNone } from '../../protocol/apis/calls-in.ts';
import type { RoundCodec } from '../../protocol/apis/round-codec.ts';
import type { LocalAnswerHead } from '../../protocol/local-answer.ts';
import type { AnswerWriter, EndPart, Ending, RoundItem, RoundReader } from '../../protocol/apis/round.ts';
import type { HookSession } from '../../features/hooks/sessions/hook-sessions.ts';
import { takeForUser } from '../hooks/user-messages.ts';
import type { AnswerTurns } from './answer-turns.ts';
import { localHeadOf } from '../../protocol/local-head.ts';

interface TellingAnswerOptions {
  readonly exchange: Exchange;
  readonly codec: RoundCodec;
  readonly turns: AnswerTurns;
  readonly session: HookSession;
}

/** One answer to a client, at the end of which hooks may have something to say to the user. */
export class TellingAnswer {
  readonly #options: TellingAnswerOptions;
  readonly #head: LocalAnswerHead;

  constructor(options: TellingAnswerOptions) {
    const { exchange } = options;
    this.#options = options;
    // Another id than the answers to questions have, which may stand in the same conversation.
    this.#head = { ...localHeadOf(exchange), id: `${exchange.id}-hooks` };
  }

  async *frames(frames: AsyncIterable<SseFrame>): AsyncGenerator<SseFrame, void, undefined> {
    const { codec } = this.#options;
    const reader = codec.openReader(holdsNone);
    const writer = codec.openWriter(this.#head);
    const ends: EndPart[] = [];
    for await (const frame of frames) {
      for (const piece of reader.read(frame)) {
        if (piece.kind === 'complete') continue;
        if (piece.kind !== 'end') yield* writer.pass(piece);
        else ends.push(piece);
        if (piece.kind === 'end' && piece.isLast) yield* this.#conclude(reader, writer, ends.splice(0));
      }
    }
    // Some providers end a stream without saying so.
    if (ends.length > 0) yield* this.#conclude(reader, writer, ends);
  }

  json(answer: JsonObject): JsonObject {
    const { codec } = this.#options;
    const { items, usage, ending } = codec.readAnswer(answer, holdsNone);
    const text = this.#textFor([ending]);
    if (text === undefined) return answer;
    const said = this.#remember(items, text);
    return codec.writeAnswer(answer, { items: said, usage, hasCalls: hasCalls(items) });
  }

  *#conclude(
    reader: RoundReader,
    writer: AnswerWriter,
    ends: readonly EndPart[],
  ): Generator<SseFrame, void, undefined> {
    const items = reader.items();
    const text = this.#textFor(ends.map(({ ending }) => ending));
    if (text === undefined) {
      yield* ends.flatMap((piece) => writer.pass(piece));
      return;
    }
    // Before the client knows that the answer is over: its next request may come at once.
    const said = this.#remember(items, text);
    writer.drop(ends);
    yield* writer.say(text);
    yield* writer.end(ends, { items: said, usage: reader.usage(), hasCalls: hasCalls(items) });
  }

  /** What is to be said; nothing in an answer that failed, or behind a question, which the user's next words are to answer. */
  #textFor(endings: readonly Ending[]): string | undefined {
    const { exchange, turns, session } = this.#options;
    if (endings.includes('failed') || turns.isAsking(exchange)) return undefined;
    const messages = takeForUser(session);
    return messages.length === 0 ? undefined : messages.join('\n\n');
  }

  /** The items of the answer, with what is said behind them. */
  #remember(items: readonly RoundItem[], text: string): readonly JsonObject[] {
    const { exchange, codec, turns } = this.#options;
    const given = items.map(({ item }) => item);
    const own = codec.textItem(this.#head, text);
    const ours = { kind: 'ours', keys: codec.keysOf(own) } as const;
    // What anybody had to remember of the answer, is remembered whole.
    const shown = turns.count(exchange) > 0 ? [] : given;
    const seen = shown.map((item) => ({ kind: 'seen', keys: codec.keysOf(item) }) as const);
    turns.add(exchange, codec, { parts: [...seen, ours], shown: [...shown, own] });
    return [...given, own];
  }
}
