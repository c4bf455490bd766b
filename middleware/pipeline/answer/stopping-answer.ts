import type { ApiRequest, Exchange } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { SseFrame } from '../../kernel/sse-frame.ts';
import { hasCalls, holdsNone } from '../../protocol/apis/calls-in.ts';
import type { RoundCodec } from '../../protocol/apis/round-codec.ts';
import { lastText } from '../../protocol/apis/last-text.ts';
import type { AnswerEnd, AnswerWriter, EndPart, RoundItem, RoundReader } from '../../protocol/apis/round.ts';
import { sumUsage } from '../../protocol/apis/sum-usage.ts';
import type { HookPlace } from '../../features/hooks/sessions/hook-place.ts';
import type { TakeStop } from '../hooks/take-stop.ts';
import type { AnswerTurns } from './answer-turns.ts';
import { localHeadOf } from '../../protocol/local-head.ts';
import type { AnswerAgain } from './answer-again.ts';

interface StoppingAnswerOptions {
  readonly exchange: Exchange;
  readonly place: HookPlace;
  readonly codec: RoundCodec;
  readonly takeStop: TakeStop;
  readonly answerAgain: AnswerAgain;
  readonly turns: AnswerTurns;
}

interface Round {
  readonly items: readonly RoundItem[];
  readonly usage: JsonObject | undefined;
  readonly chainId: string | undefined;
  readonly isComplete: boolean;
}

/** One answer to a client while hooks send the model back to work, over as many rounds as they do. */
export class StoppingAnswer {
  readonly #options: StoppingAnswerOptions;
  #request: ApiRequest;
  #items: readonly RoundItem[] = [];
  #usage: JsonObject | undefined;
  /** How many parts of the answer were remembered when the round began. */
  #remembered = 0;

  constructor(options: StoppingAnswerOptions) {
    this.#options = options;
    this.#request = options.exchange.request;
  }

  async *frames(first: AsyncIterable<SseFrame>): AsyncGenerator<SseFrame, void, undefined> {
    const { exchange, codec, answerAgain } = this.#options;
    const writer = codec.openWriter(localHeadOf(exchange));
    let frames = first;
    for (let isFirst = true; ; isFirst = false) {
      const ends: EndPart[] = [];
      const round = yield* this.#passRound(frames, { writer, ends, isFirst });
      const again = await this.#take(round);
      if (again === undefined) {
        yield* writer.end(ends, this.#end(round));
        return;
      }
      writer.drop(ends);
      writer.beginRound();
      frames = await answerAgain.frames(again);
    }
  }

  async json(first: JsonObject): Promise<JsonObject> {
    const { codec, answerAgain } = this.#options;
    let answer = first;
    for (;;) {
      const content = codec.readAnswer(answer, holdsNone);
      const round = { ...content, isComplete: content.ending === 'complete' };
      const again = await this.#take(round);
      // An answer that hooks were content with keeps its bytes.
      if (again === undefined) return answer === first ? first : codec.writeAnswer(answer, this.#end(round));
      answer = await answerAgain.json(again);
    }
  }

  /** Passes on all of a round but its end. */
  async *#passRound(
    frames: AsyncIterable<SseFrame>,
    { writer, ends, isFirst }: { writer: AnswerWriter; ends: EndPart[]; isFirst: boolean },
  ): AsyncGenerator<SseFrame, Round, undefined> {
    const reader: RoundReader = this.#options.codec.openReader(holdsNone);
    for await (const frame of frames) {
      for (const piece of reader.read(frame)) {
        if (piece.kind === 'complete') continue;
        if (piece.kind === 'end') ends.push(piece);
        else if (isFirst || piece.kind !== 'opening') yield* writer.pass(piece);
      }
    }
    const isComplete = ends.length > 0 && ends.every(({ ending }) => ending === 'complete');
    return { items: reader.items(), usage: reader.usage(), chainId: reader.chainId(), isComplete };
  }

  /** Takes a round that is over; the exchange with which the model is called again, where hooks send it back. */
  async #take(round: Round): Promise<Exchange | undefined> {
    const { exchange, place, codec, takeStop, turns } = this.#options;
    const { items, usage, isComplete } = round;
    this.#items = [...this.#items, ...items];
    this.#usage = sumUsage(this.#usage, usage);
    // Who asks the user something has not ended its work.
    const mayStop = isComplete && !hasCalls(items) && !turns.isAsking(exchange);
    const feedback = mayStop ? await takeStop(exchange, place, lastText(items)) : [];
    const words = feedback.map(codec.words);
    const from = this.#remembered;
    if (words.length > 0 || turns.count(exchange) > 0) this.#remember(round);
    if (words.length === 0) return undefined;
    this.#request = codec.withTurn(this.#request, turns.historyItems(exchange, from));
    turns.add(exchange, codec, {
      parts: words.map((historyItem) => ({ kind: 'hidden', historyItem })),
      shown: [],
    });
    this.#remembered = turns.count(exchange);
    // By itself: of a conversation that the provider keeps it has all but this.
    return { ...exchange, request: (this.#request = codec.withTurn(this.#request, words)) };
  }

  /** Whoever checked the calls of the round has remembered all of it, where it had to remember any. */
  #remember({ items, chainId }: Round): void {
    const { exchange, codec, turns } = this.#options;
    if (turns.count(exchange) > this.#remembered) return;
    const shown = items.map(({ item }) => item);
    const parts = shown.map((item) => ({ kind: 'seen', keys: codec.keysOf(item) }) as const);
    const chain = chainId === undefined ? undefined : { id: chainId, from: parts.length };
    turns.add(exchange, codec, { parts, shown, chain, clientId: chainId });
  }

  #end({ items }: Round): AnswerEnd {
    return {
      items: this.#items.map(({ item }) => item),
      usage: this.#usage,
      hasCalls: hasCalls(items),
    };
  }
}
