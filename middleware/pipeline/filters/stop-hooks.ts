import type { AnswerFilter } from '../../kernel/answer-filter.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { SseFrame } from '../../kernel/sse-frame.ts';
import { appendItems } from '../../protocol/tool-calls/append-items.ts';
import { callDialectOf } from '../../protocol/tool-calls/call-dialect-of.ts';
import type { CallDialect } from '../../protocol/tool-calls/call-dialect.ts';
import { lastText } from '../../protocol/tool-calls/last-text.ts';
import type { AnswerWriter, EndPiece, RoundItem, RoundReader } from '../../protocol/tool-calls/round.ts';
import { sumUsage } from '../../protocol/tool-calls/sum-usage.ts';
import type { HookPlace } from '../hooks/hook-place.ts';
import type { HookPlaces } from '../hooks/hook-turn.ts';
import { userMessage } from '../hooks/placed-contexts.ts';
import type { TakeStop } from '../hooks/take-stop.ts';
import type { AnswerAgain } from './answer-again.ts';

interface StopHooksOptions {
  readonly places: HookPlaces;
  readonly takeStop: TakeStop;
  /** Calls the model again, and has the calls in its answer checked like those of the first. */
  readonly answerAgain: AnswerAgain;
}

/**
 * Lets hooks look at the model's work when it wants to end. One that is not content sends it back: the model is called again with
 * the hook's words, and the client sees one answer that goes on. An answer that is no stream is told to hooks, and ends.
 */
export function createStopHooksFilter(options: StopHooksOptions): AnswerFilter {
  return {
    name: 'stop-hooks',
    wants: (exchange) => stopPlace(exchange, options.places) !== undefined,
    events: (frames, exchange) => {
      const place = stopPlace(exchange, options.places);
      const dialect = callDialectOf(exchange.request.api);
      if (place === undefined || dialect === undefined) return frames;
      return new StoppingAnswer(exchange, place, dialect, options).frames(frames);
    },
    json: async (answer, exchange) => {
      const place = stopPlace(exchange, options.places);
      const content = callDialectOf(exchange.request.api)?.readAnswer(answer, holdsNone);
      if (place === undefined || content?.ending !== 'complete' || hasCalls(content.items)) return answer;
      await options.takeStop(exchange, place, lastText(content.items));
      return answer;
    },
  };
}

/** What the end of an answer is called. */
const endEvents = { user: 'Stop', subagent: 'SubagentStop', compaction: 'PostCompact' } as const;

function stopPlace(exchange: Exchange, places: HookPlaces): HookPlace | undefined {
  const { kind } = exchange.turn;
  if (kind === 'title' || kind === 'prewarm') return undefined;
  const place = places.of(exchange);
  return place?.hooks.anyFor(endEvents[kind]) === true ? place : undefined;
}

const holdsNone = (): boolean => false;

interface Round {
  readonly items: readonly RoundItem[];
  readonly usage: JsonObject | undefined;
  readonly ends: readonly EndPiece[];
  readonly isComplete: boolean;
}

class StoppingAnswer {
  readonly #exchange: Exchange;
  readonly #place: HookPlace;
  readonly #dialect: CallDialect;
  readonly #options: StopHooksOptions;
  readonly #writer: AnswerWriter;

  constructor(exchange: Exchange, place: HookPlace, dialect: CallDialect, options: StopHooksOptions) {
    this.#exchange = exchange;
    this.#place = place;
    this.#dialect = dialect;
    this.#options = options;
    const { head } = exchange.request;
    this.#writer = dialect.openWriter({
      ...{ id: exchange.id, model: head.model ?? 'codex-plus', includeUsage: false },
      nowSeconds: Math.floor(Date.now() / 1000),
    });
  }

  async *frames(first: AsyncIterable<SseFrame>): AsyncGenerator<SseFrame, void, undefined> {
    let { request } = this.#exchange;
    let frames = first;
    let items: readonly RoundItem[] = [];
    let usage: JsonObject | undefined;
    for (let isFirst = true; ; isFirst = false) {
      const round = yield* this.#passRound(frames, isFirst);
      items = [...items, ...round.items];
      usage = sumUsage(usage, round.usage);
      const feedback = await this.#feedbackTo(round);
      if (feedback.length === 0) {
        yield* this.#writer.end(round.ends, {
          items: items.map(({ item }) => item),
          usage,
          hasCalls: hasCalls(round.items),
        });
        return;
      }
      this.#writer.drop(round.ends);
      this.#writer.beginRound();
      const said = round.items.map(({ item }) => ({ kind: 'said', item }) as const);
      const { api } = this.#exchange.request;
      const words = feedback.map((text) =>
        api === 'responses' ? userMessage(text) : { role: 'user', content: text },
      );
      request = appendItems(this.#dialect.withTurn(request, said), words);
      this.#keep(round.items, feedback);
      frames = await this.#options.answerAgain({ ...this.#exchange, request });
    }
  }

  /** Passes on all of a round but its end. */
  async *#passRound(
    frames: AsyncIterable<SseFrame>,
    isFirst: boolean,
  ): AsyncGenerator<SseFrame, Round, undefined> {
    const reader: RoundReader = this.#dialect.openReader(holdsNone);
    const ends: EndPiece[] = [];
    for await (const frame of frames) {
      for (const piece of reader.read(frame)) {
        if (piece.kind === 'complete') continue;
        if (piece.kind === 'end') ends.push(piece);
        else if (isFirst || piece.kind !== 'opening') yield* this.#writer.pass(piece);
      }
    }
    const isComplete = ends.length > 0 && ends.every(({ ending }) => ending === 'complete');
    return { items: reader.items(), usage: reader.usage(), ends, isComplete };
  }

  async #feedbackTo({ items, isComplete }: Round): Promise<readonly string[]> {
    if (!isComplete || hasCalls(items)) return [];
    return this.#options.takeStop(this.#exchange, this.#place, lastText(items));
  }

  /** Where items have ids, the hook's words stand behind the same item in every later request. */
  #keep(items: readonly RoundItem[], feedback: readonly string[]): void {
    const id = items.at(-1)?.item['id'];
    if (typeof id === 'string' && id !== '') this.#place.session.feedbackTo.set(id, feedback);
  }
}

function hasCalls(items: readonly RoundItem[]): boolean {
  return items.some(({ call }) => call !== undefined);
}
