import type { ApiRequest, Exchange } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { SseFrame } from '../../kernel/sse-frame.ts';
import { hasCalls, holdsNone } from '../../protocol/tool-calls/calls-in.ts';
import type { CallDialect } from '../../protocol/tool-calls/call-dialect.ts';
import { lastText } from '../../protocol/tool-calls/last-text.ts';
import type {
  AnswerEnd,
  AnswerWriter,
  EndPiece,
  RoundItem,
  RoundReader,
} from '../../protocol/tool-calls/round.ts';
import { sumUsage } from '../../protocol/tool-calls/sum-usage.ts';
import type { HookPlace } from '../../features/hooks/sessions/hook-place.ts';
import type { TakeStop } from '../hooks/take-stop.ts';
import type { AnswerTurns } from '../tool-calls/answer-turns.ts';
import { localHeadOf } from '../../protocol/local-head.ts';
import type { AnswerAgain } from './answer-again.ts';

interface StoppingAnswerOptions {
  readonly exchange: Exchange;
  readonly place: HookPlace;
  readonly dialect: CallDialect;
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
    const { exchange, dialect, answerAgain } = this.#options;
    const writer = dialect.openWriter(localHeadOf(exchange));
    let frames = first;
    for (let isFirst = true; ; isFirst = false) {
      const ends: EndPiece[] = [];
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
    const { dialect, answerAgain } = this.#options;
    let answer = first;
    for (;;) {
      const content = dialect.readAnswer(answer, holdsNone);
      const round = { ...content, isComplete: content.ending === 'complete' };
      const again = await this.#take(round);
      // An answer that hooks were content with keeps its bytes.
      if (again === undefined)
        return answer === first ? first : dialect.writeAnswer(answer, this.#end(round));
      answer = await answerAgain.json(again);
    }
  }

  /** Passes on all of a round but its end. */
  async *#passRound(
    frames: AsyncIterable<SseFrame>,
    { writer, ends, isFirst }: { writer: AnswerWriter; ends: EndPiece[]; isFirst: boolean },
  ): AsyncGenerator<SseFrame, Round, undefined> {
    const reader: RoundReader = this.#options.dialect.openReader(holdsNone);
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
    const { exchange, place, dialect, takeStop, turns } = this.#options;
    const { items, usage, isComplete } = round;
    this.#items = [...this.#items, ...items];
    this.#usage = sumUsage(this.#usage, usage);
    // Who asks the user something has not ended its work.
    const mayStop = isComplete && !hasCalls(items) && !turns.isAsking(exchange);
    const feedback = mayStop ? await takeStop(exchange, place, lastText(items)) : [];
    const words = feedback.map(dialect.words);
    const from = this.#remembered;
    if (words.length > 0 || turns.count(exchange) > 0) this.#remember(round);
    if (words.length === 0) return undefined;
    this.#request = dialect.withTurn(this.#request, turns.atoms(exchange, from));
    turns.add(exchange, dialect, { parts: words.map((atom) => ({ kind: 'hidden', atom })), shown: [] });
    this.#remembered = turns.count(exchange);
    // By itself: of a conversation that the provider keeps it has all but this.
    return { ...exchange, request: (this.#request = dialect.withTurn(this.#request, words)) };
  }

  /** Whoever checked the calls of the round has remembered all of it, where it had to remember any. */
  #remember({ items, chainId }: Round): void {
    const { exchange, dialect, turns } = this.#options;
    if (turns.count(exchange) > this.#remembered) return;
    const shown = items.map(({ item }) => item);
    const parts = shown.map((item) => ({ kind: 'seen', keys: dialect.keysOf(item) }) as const);
    const chain = chainId === undefined ? undefined : { id: chainId, from: parts.length };
    turns.add(exchange, dialect, { parts, shown, chain, clientId: chainId });
  }

  #end({ items }: Round): AnswerEnd {
    return {
      items: this.#items.map(({ item }) => item),
      usage: this.#usage,
      hasCalls: hasCalls(items),
    };
  }
}
