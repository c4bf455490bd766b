import type { ApiRequest, Exchange } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { SseFrame } from '../../kernel/sse-frame.ts';
import type { RoundCodec } from '../../protocol/apis/round-codec.ts';
import type { AnswerWriter, EndPart, Ending, StreamPart, RoundReader } from '../../protocol/apis/round.ts';
import { readFrames } from '../../protocol/sse/read-frames.ts';
import { AnswerCalls } from './answer-calls.ts';
import { AnswerLog } from './answer-log.ts';
import { HeldQueue } from './held-queue.ts';
import { localHeadOf } from '../../protocol/local-head.ts';
import { nextJson, nextStream } from './next-answer.ts';
import type { CallChecks, Settled } from './settle-call.ts';
import { tooManyRounds } from './too-many-rounds.ts';
import type { ToolCheckOptions } from './tool-check-options.ts';

interface CheckedAnswerOptions extends ToolCheckOptions {
  readonly exchange: Exchange;
  readonly codec: RoundCodec;
  readonly checks: CallChecks;
  readonly maxRounds: number;
}

/** What is read of one round, while it is read. */
interface Round {
  readonly reader: RoundReader;
  readonly queue: HeldQueue;
  /** The end, where it cannot go on as it came. */
  readonly ends: EndPart[];
}

/** One answer to a client while its calls are decided, over as many rounds as the model needs. */
export class CheckedAnswer {
  readonly #options: CheckedAnswerOptions;
  readonly #writer: AnswerWriter;
  readonly #log: AnswerLog;
  readonly #calls: AnswerCalls;
  /** Whether the client gets anything else than the upstream's first answer. */
  #isChanged = false;
  /** Whether the client has got the end; what follows is none of ours. */
  #isOver = false;
  #rounds = 1;
  /** Of the first round: a streamed answer keeps the id that it began with. */
  #clientId: string | undefined;

  constructor(options: CheckedAnswerOptions) {
    const { exchange, codec } = options;
    const head = localHeadOf(exchange);
    this.#options = options;
    this.#writer = codec.openWriter(head);
    this.#log = new AnswerLog(exchange.request, codec, head);
    this.#calls = new AnswerCalls(options);
  }

  async *frames(first: AsyncIterable<SseFrame>): AsyncGenerator<SseFrame, void, undefined> {
    const { send, limits } = this.#options;
    let frames = first;
    for (;;) {
      const request = yield* this.#round(frames);
      if (request === undefined) return;
      this.#writer.beginRound();
      frames = readFrames(await nextStream(this.#nextExchange(request), send), limits);
    }
  }

  async json(first: JsonObject): Promise<JsonObject> {
    const { codec, send, limits } = this.#options;
    let answer = first;
    for (;;) {
      const content = codec.readAnswer(answer, this.#calls.holds);
      const settled = await Promise.all(
        content.items.map(async ({ key, call }) =>
          call === undefined || !this.#calls.holds(call)
            ? []
            : [[key, await this.#calls.settle(call)] as const],
        ),
      );
      const decisions = new Map(settled.flat());
      this.#isChanged ||= [...decisions.values()].some(isChange);
      if (!this.#isChanged) return first;
      const fate = this.#log.take(content, decisions);
      if (fate.kind === 'over') {
        this.#remember(content.chainId);
        return codec.writeAnswer(answer, this.#log.end());
      }
      answer = await nextJson(this.#nextExchange(fate.request), send, limits.maxEventBytes);
    }
  }

  /** Passes one round on; the request that the answer goes on with, if it does. */
  async *#round(
    frames: AsyncIterable<SseFrame>,
  ): AsyncGenerator<SseFrame, ApiRequest | undefined, undefined> {
    const round: Round = {
      reader: this.#options.codec.openReader(this.#calls.holds),
      queue: new HeldQueue(),
      ends: [],
    };
    const source = frames[Symbol.asyncIterator]();
    try {
      for await (const frame of this.#untilDecided(source, round.queue)) {
        const request = yield* this.#takePieces(frame === undefined ? [] : round.reader.read(frame), round);
        if (request !== undefined) return request;
        yield* this.#release(round);
      }
      yield* this.#releaseAll(round);
      // Some providers end a stream without saying so.
      return round.ends.length === 0 ? undefined : yield* this.#conclude(round);
    } finally {
      // Not awaited: a source that waits for its next frame only takes notice after that.
      source.return?.().catch(() => undefined);
    }
  }

  /** The frames as they come, and `undefined` whenever the call that all else waits for is decided before the next one. */
  async *#untilDecided(
    source: AsyncIterator<SseFrame>,
    queue: HeldQueue,
  ): AsyncGenerator<SseFrame | undefined, void, undefined> {
    let coming: Promise<IteratorResult<SseFrame>> | undefined;
    for (;;) {
      coming ??= watched(source.next());
      const { deciding } = queue;
      const next = await (deciding === undefined ? coming : Promise.race([coming, deciding]));
      if (next === undefined) {
        yield undefined;
        continue;
      }
      coming = undefined;
      if (next.done === true) return;
      yield next.value;
    }
  }

  async *#takePieces(
    pieces: readonly StreamPart[],
    round: Round,
  ): AsyncGenerator<SseFrame, ApiRequest | undefined, undefined> {
    for (const piece of pieces) {
      if (piece.kind !== 'end') {
        this.#take(piece, round.queue);
        continue;
      }
      const request = yield* this.#takeEnd(piece, round);
      if (request !== undefined) return request;
    }
    return undefined;
  }

  /** What belongs to the end waits for all decisions; while nothing was changed it goes on as it came. */
  async *#takeEnd(piece: EndPart, round: Round): AsyncGenerator<SseFrame, ApiRequest | undefined, undefined> {
    yield* this.#releaseAll(round);
    if (!this.#isChanged || this.#isOver) {
      yield* this.#writer.pass(piece);
      return undefined;
    }
    round.ends.push(piece);
    return piece.isLast ? yield* this.#conclude(round) : undefined;
  }

  #take(piece: Exclude<StreamPart, EndPart>, queue: HeldQueue): void {
    switch (piece.kind) {
      case 'held':
        queue.hold(piece.key, piece);
        return;
      case 'complete':
        queue.decide(piece.key, this.#calls.decide(piece));
        return;
      case 'opening':
        // Of a later round it would begin the answer a second time.
        if (this.#rounds === 1) queue.add(piece);
        return;
      case 'other':
        queue.add(piece);
    }
  }

  async *#releaseAll(round: Round): AsyncGenerator<SseFrame, void, undefined> {
    for (;;) {
      yield* this.#release(round);
      const { deciding } = round.queue;
      if (deciding !== undefined) {
        await deciding;
        continue;
      }
      // One that never became complete may have others behind it that are being decided.
      const abandoned = round.queue.abandon();
      if (abandoned.length === 0) return;
      this.#isChanged = true;
      for (const pieces of abandoned) this.#writer.drop(pieces);
    }
  }

  *#release({ reader, queue }: Round): Generator<SseFrame, void, undefined> {
    for (const ready of queue.take()) {
      if (ready.kind === 'piece') {
        yield* this.#writer.pass(ready.piece);
        continue;
      }
      const { key, pieces, settled } = ready;
      if (isChange(settled)) this.#isChanged = true;
      if (settled.kind !== 'released') {
        this.#writer.drop(pieces);
      } else if (settled.input === undefined) {
        yield* pieces.flatMap((piece) => this.#writer.pass(piece));
      } else {
        const item = reader.items().find((found) => found.key === key)?.item ?? {};
        yield* this.#writer.rewrite(pieces, this.#options.codec.withInput(item, settled.input));
      }
    }
  }

  /** Ends the answer, or has it go on with another request. */
  *#conclude({ reader, queue, ends }: Round): Generator<SseFrame, ApiRequest | undefined, undefined> {
    const chainId = reader.chainId();
    this.#clientId ??= chainId;
    const settled = queue.settled();
    // The client gets none that nobody decided about.
    const items = reader
      .items()
      .filter(({ key, call }) => call === undefined || settled.has(key) || !this.#calls.holds(call));
    const content = { items, usage: reader.usage(), ending: worstOf(ends), chainId };
    const fate = this.#log.take(content, settled);
    const pieces = ends.splice(0);
    if (fate.kind === 'again') return fate.request;
    this.#isOver = true;
    // Before the client knows that the answer is over: its next request may come at once.
    this.#remember(this.#clientId);
    if (fate.say !== undefined) yield* this.#writer.say(fate.say);
    yield* this.#writer.end(pieces, this.#log.end());
    return undefined;
  }

  #remember(clientId: string | undefined): void {
    const { turns, exchange, codec } = this.#options;
    const piece = this.#log.piece();
    if (piece !== undefined) turns.add(exchange, codec, { ...piece, clientId });
  }

  #nextExchange(request: ApiRequest): Exchange {
    const { maxRounds, exchange } = this.#options;
    this.#rounds += 1;
    if (this.#rounds <= maxRounds) return { ...exchange, request };
    throw tooManyRounds(maxRounds, this.#calls.refused);
  }
}

function isChange(settled: Settled): boolean {
  return settled.kind !== 'released' || settled.input !== undefined;
}

function worstOf(ends: readonly EndPart[]): Ending {
  return (
    ends.find(({ ending }) => ending === 'failed')?.ending ??
    ends.find(({ ending }) => ending === 'partial')?.ending ??
    'complete'
  );
}

/** A promise that may fail before anybody waits for it. */
function watched<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
