import type { Exchange } from '../../kernel/exchange.ts';
import type { SseFrame } from '../../kernel/sse-frame.ts';
import { holdsNone } from '../../protocol/apis/common/holds-none.ts';
import type { AnswerWriter, EndPart, RoundReader, StreamPart } from '../../protocol/apis/round.ts';
import { readFrames } from '../../protocol/sse/read-frames.ts';
import type { AnswerRun } from './answer-run.ts';
import type { HeldQueue } from './held-queue.ts';
import type { OwnText } from './answer-record.ts';
import { nextStream } from './next-answer.ts';
import { isChange } from './resolve-call.ts';
import { withUnfinished } from './broken-round.ts';
import {
  decidedItems,
  leave,
  openRound,
  untilDecided,
  worstOf,
  type StreamedRound,
} from './streamed-round.ts';
import { ChangedTexts } from './changed-texts.ts';

/** An answer as a stream: one reader for each round, one writer for all of them. */
export class StreamedAnswer {
  readonly #run: AnswerRun;
  readonly #writer: AnswerWriter;
  /** Whether the client gets anything else than the upstream's first answer. */
  #isChanged = false;
  /** The round that is being read, or was the last one. */
  #round: StreamedRound | undefined;
  /** Our own words among the frames: no script is to change what the user is asked. */
  readonly #own = new WeakSet<SseFrame>();
  /** Whether the end may be with the client, and all that is to be remembered is. */
  #isConcluded = false;
  /** What the client gets, where that is read because texts change on their way. */
  #given: RoundReader | undefined;
  /** Reads the first round, whose beginning may be read before `frames` is asked for the rest. */
  readonly #firstReader: RoundReader;
  /** The first frame of the rest, which was read already, and what is in it. */
  #begun: { readonly frame: SseFrame; readonly parts: readonly StreamPart[] } | undefined;
  /** Whether all that matters of the answer has gone on before `frames` was asked for any. */
  #isPassed = false;

  constructor(run: AnswerRun) {
    this.#run = run;
    this.#writer = run.codec.openWriter();
    this.#firstReader = run.codec.openReader(run.holds);
  }

  /** What goes on of the next frame of the first round while nothing had to be decided, as `PassingReader` has it. */
  pass(frame: SseFrame): readonly SseFrame[] | 'over' | 'waits' {
    const parts = this.#firstReader.read(frame);
    if (this.#isPassed) return this.#mayFollow(frame, parts) ? this.#passAll(parts) : 'over';
    if (parts.some(({ kind }) => kind === 'held' || kind === 'complete')) {
      this.#begun = { frame, parts };
      return 'waits';
    }
    for (const part of parts)
      if (part.kind === 'end') {
        if (part.ending === 'failed') this.#run.fail(part.event ?? {});
        this.#isPassed = part.isLast;
      }
    return this.#passAll(this.#isPassed ? upToEnd(parts) : parts);
  }

  /** Nothing was changed, so that each goes on as its own bytes. */
  #passAll(parts: readonly StreamPart[]): readonly SseFrame[] {
    return parts.flatMap((part) => (part.kind === 'complete' ? [] : this.#writer.pass(part)));
  }

  async *frames(first: AsyncIterable<SseFrame>): AsyncGenerator<SseFrame, void, undefined> {
    try {
      const transform = await this.#run.texts();
      if (transform === undefined) {
        yield* this.#rounds(first);
        yield* this.#conclude();
      } else {
        const { api } = this.#run.options.exchange.request;
        yield* this.#noteGiven(this.#withTexts(first, new ChangedTexts(api, transform)));
      }
      yield* this.#rest();
    } finally {
      if (this.#round !== undefined) this.#leave(this.#round);
    }
  }

  /**
   * Of an answer that broke in the middle, or that its client left, is remembered what was there. Behind its end
   * nothing is: the client's next request may have changed what is remembered of it.
   */
  #leave(round: StreamedRound): void {
    leave(round);
    const { record, holds, decisions } = this.#run;
    decisions?.leave();
    if (this.#isConcluded) return;
    if (record.isAllSeen && decisions?.haveBegun !== true) return;
    const resolutions = withUnfinished(round.reader, round.queue.resolutions(), decisions);
    record.breakOff(round.isTaken ? [] : decidedItems(round, holds, resolutions), resolutions);
    this.#rememberGiven();
  }

  /** What is said behind the answer is no text of the model's, and waits for all of these. */
  async *#withTexts(
    first: AsyncIterable<SseFrame>,
    texts: ChangedTexts,
  ): AsyncGenerator<SseFrame, void, undefined> {
    yield* texts.through(this.#rounds(first), (frame) => this.#own.has(frame));
    for (const frame of this.#conclude()) yield texts.withWhole(frame);
  }

  /** All rounds, without the end of the last one where that waits. */
  async *#rounds(first: AsyncIterable<SseFrame>): AsyncGenerator<SseFrame, void, undefined> {
    const { send, limits } = this.#run.options;
    let [frames, reader] = [first, this.#firstReader];
    for (;;) {
      const round = openRound(frames, reader);
      this.#round = round;
      const next = yield* this.#readRound(round);
      if (next === undefined) return;
      leave(round);
      this.#writer.beginRound();
      this.#run.decisions?.beginRound();
      frames = readFrames(await nextStream(next, send), limits);
      reader = this.#run.codec.openReader(this.#run.holds);
    }
  }

  /** Passes one round on; the exchange that the answer goes on with, if it does. */
  async *#readRound(round: StreamedRound): AsyncGenerator<SseFrame, Exchange | undefined, undefined> {
    for await (const frame of untilDecided(round)) {
      const parts = frame === undefined ? [] : this.#partsOf(frame, round);
      const isOver = yield* this.#takeParts(parts, round);
      if (isOver && round.ends.length === 0) return undefined;
      if (isOver) return yield* this.#endRound(round);
      yield* this.#release(round);
    }
    yield* this.#releaseAll(round);
    // Some providers end a stream without saying all of it.
    return round.ends.length === 0 ? undefined : yield* this.#endRound(round);
  }

  #partsOf(frame: SseFrame, { reader }: StreamedRound): readonly StreamPart[] {
    return this.#begun?.frame === frame ? this.#begun.parts : reader.read(frame);
  }

  /** Whether the round is over. Its end may wait. */
  async *#takeParts(
    parts: readonly StreamPart[],
    round: StreamedRound,
  ): AsyncGenerator<SseFrame, boolean, undefined> {
    let isOver = false;
    for (const part of parts) {
      if (part.kind === 'end') isOver = yield* this.#takeEnd(part, round);
      else this.#take(part, round.queue);
    }
    return isOver;
  }

  #take(part: Exclude<StreamPart, EndPart>, queue: HeldQueue): void {
    switch (part.kind) {
      case 'held':
        queue.hold(part.key, part);
        return;
      case 'complete':
        if (this.#run.decisions !== undefined) queue.decide(part.key, this.#run.decisions.decide(part));
        return;
      case 'opening':
        // Of a later round it would begin the answer a second time.
        if (this.#run.isFirstRound) queue.add(part);
        return;
      case 'other':
        queue.add(part);
    }
  }

  /** What belongs to the end waits for all decisions; while nothing comes of it, it goes on as it came. */
  async *#takeEnd(part: EndPart, round: StreamedRound): AsyncGenerator<SseFrame, boolean, undefined> {
    yield* this.#releaseAll(round);
    if (part.ending === 'failed') this.#run.fail(part.event ?? {});
    if (!this.#isChanged && !this.#run.holdsEnd) {
      yield* this.#writer.pass(part);
    } else {
      round.ends.push(part);
    }
    return part.isLast;
  }

  async *#releaseAll(round: StreamedRound): AsyncGenerator<SseFrame, void, undefined> {
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
      for (const parts of abandoned) this.#writer.drop(parts);
    }
  }

  *#release({ reader, queue }: StreamedRound): Generator<SseFrame, void, undefined> {
    for (const ready of queue.take()) {
      if (ready.kind === 'piece') {
        yield* this.#writer.pass(ready.piece);
        continue;
      }
      const { key, pieces, resolution } = ready;
      if (isChange(resolution)) this.#isChanged = true;
      if (resolution.kind !== 'released') {
        this.#writer.drop(pieces);
      } else if (resolution.input === undefined) {
        yield* pieces.flatMap((piece) => this.#writer.pass(piece));
      } else {
        const item = reader.items().find((found) => found.key === key)?.item ?? {};
        yield* this.#writer.rewrite(pieces, this.#run.codec.withInput(item, resolution.input));
      }
    }
  }

  /** The exchange that the answer goes on with; `undefined`: it is over, all but its end. */
  async *#endRound(round: StreamedRound): AsyncGenerator<SseFrame, Exchange | undefined, undefined> {
    const { reader, queue, ends } = round;
    const run = this.#run;
    const ending = worstOf(ends);
    const resolutions = await run.settled(queue.resolutions());
    round.isTaken = true;
    const items = decidedItems(round, run.holds);
    const content = { items, usage: reader.usage(), ending, chainId: reader.chainId() };
    const after = run.record.take(content, resolutions);
    if (after.kind === 'again') {
      ends.splice(0);
      return run.again(after.request);
    }
    if (after.say !== undefined) yield* this.#sayOwn(after.say);
    run.record.questionGiven();
    const next = await run.afterEnd(ending);
    if (next !== undefined) {
      this.#isChanged = true;
      this.#writer.drop(ends.splice(0));
    }
    return next;
  }

  *#sayOwn({ head, text }: OwnText): Generator<SseFrame, void, undefined> {
    for (const frame of this.#writer.say(head, text)) {
      this.#own.add(frame);
      yield frame;
    }
  }

  /** The end of the answer, with what is said behind it. */
  *#conclude(): Generator<SseFrame, void, undefined> {
    const ends = this.#round?.ends.splice(0) ?? [];
    if (ends.length === 0) return;
    const { record, messageHead: head } = this.#run;
    const text = this.#run.messages(worstOf(ends));
    if (text !== undefined) record.say({ head, text });
    // Before the client knows that the answer is over: its next request may come at once.
    record.remember();
    this.#isConcluded = true;
    if (text !== undefined) {
      this.#writer.drop(ends);
      yield* this.#writer.say(head, text);
    }
    yield* this.#writer.end(ends, record.end());
  }

  /** What comes behind the end. */
  async *#rest(): AsyncGenerator<SseFrame, void, undefined> {
    if (this.#round === undefined) return;
    const { source, reader } = this.#round;
    for (let next = await source.next(); next.done !== true; next = await source.next()) {
      const frame = next.value;
      const parts = reader.read(frame);
      if (!this.#mayFollow(frame, parts)) return;
      yield* this.#passAll(parts);
    }
  }

  /**
   * Clients read on behind the end, so that where calls are decided nothing may follow but what says nothing more, or that the
   * answer failed.
   */
  #mayFollow({ data }: SseFrame, parts: readonly StreamPart[]): boolean {
    if (this.#run.decisions === undefined || data === undefined || data === '[DONE]') return true;
    return parts.every((part) => part.kind === 'end' && part.ending === 'failed');
  }

  /** Takes note of what the client gets of texts that change on their way, before the end of it goes out. */
  async *#noteGiven(frames: AsyncIterable<SseFrame>): AsyncGenerator<SseFrame, void, undefined> {
    const reader = this.#run.codec.openReader(holdsNone);
    this.#given = reader;
    for await (const frame of frames) {
      if (reader.read(frame).some(({ kind }) => kind === 'end')) this.#rememberGiven();
      yield frame;
    }
  }

  #rememberGiven(): void {
    if (this.#given !== undefined) this.#run.record.given(this.#given.items().map(({ item }) => item));
  }
}

/** Without what follows the end in the same frame. */
function upToEnd(parts: readonly StreamPart[]): readonly StreamPart[] {
  return parts.slice(0, parts.findLastIndex(({ kind }) => kind === 'end') + 1);
}
