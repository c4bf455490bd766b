import type { Api } from '../../kernel/exchange.ts';
import type { SseFrame } from '../../kernel/sse-frame.ts';
import type { TextTransform } from '../../features/hooks/scripts/text-transform.ts';
import { TextChannel } from '../../features/hooks/scripts/text-channel.ts';
import type { TextPlace } from '../../protocol/apis/answer-codec.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import { textDeltaOf, type TextDelta } from '../../protocol/text-delta.ts';
import { FrameQueue } from '../../protocol/sse/frame-queue.ts';

/** The texts of one streamed answer on their way through a transform, piece by piece as it lets them go. */
export class ChangedTexts {
  readonly #api: Api;
  readonly #queue = new FrameQueue();
  readonly #texts: Texts;

  constructor(api: Api, transform: TextTransform) {
    this.#api = api;
    this.#texts = new Texts(transform, this.#queue);
  }

  /** The frames with other texts. What follows a text waits for its end. To be called once. */
  async *through(
    frames: AsyncIterable<SseFrame>,
    isOwn: (frame: SseFrame) => boolean,
  ): AsyncGenerator<SseFrame, void, undefined> {
    const source = frames[Symbol.asyncIterator]();
    void this.#pump(source, isOwn);
    try {
      yield* this.#queue.read();
    } finally {
      this.#texts.abandon();
      // Not awaited: a generator that waits for its next frame only takes notice after that.
      source.return?.().catch(() => undefined);
    }
  }

  /** A frame that says whole texts again, with what they became. */
  withWhole(frame: SseFrame): SseFrame {
    const { wholeTexts } = codecOf(this.#api).answer;
    return wholeTexts?.replace(frame, (place) => this.#texts.whole(place)) ?? frame;
  }

  async #pump(source: AsyncIterator<SseFrame>, isOwn: (frame: SseFrame) => boolean): Promise<void> {
    try {
      for (let next = await source.next(); next.done !== true; next = await source.next()) {
        await this.#take(next.value, isOwn(next.value));
        // Nothing more is read of the upstream while the client does not keep up.
        await this.#queue.room();
      }
      await this.#texts.finish();
      this.#queue.close();
    } catch (error) {
      this.#queue.fail(error);
    }
  }

  async #take(frame: SseFrame, isOwn: boolean): Promise<void> {
    const delta = isOwn ? undefined : textDeltaOf(this.#api, frame);
    if (delta !== undefined) {
      await this.#texts.add(delta, codecOf(this.#api).answer.wholeTexts?.placeOf(frame));
      return;
    }
    if (frame.data !== undefined && !frame.raw.includes(keepalive)) await this.#texts.finish();
    this.#queue.push(this.withWhole(frame));
  }
}

const keepalive = Buffer.from('codex_plus.keepalive');

interface OpenText {
  readonly key: string;
  readonly channel: TextChannel;
  readonly ended: Promise<void>;
}

/** The texts of one answer: the one that is being streamed, and what the others became. */
class Texts {
  readonly #transform: TextTransform;
  readonly #queue: FrameQueue;
  readonly #whole = new Map<string, string>();
  #open: OpenText | undefined;

  constructor(transform: TextTransform, queue: FrameQueue) {
    this.#transform = transform;
    this.#queue = queue;
  }

  async add(delta: TextDelta, place: TextPlace | undefined): Promise<void> {
    if (this.#open?.key !== delta.key) {
      await this.finish();
      const channel = new TextChannel();
      this.#open = { key: delta.key, channel, ended: this.#run(delta, place, channel) };
      // Whoever waits for the end hears of a failure; until then nobody does.
      this.#open.ended.catch(() => undefined);
    }
    const { channel } = this.#open;
    channel.push(delta.text);
    await channel.room();
  }

  /** Resolves when all of the text that is open has come out. */
  async finish(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    open?.channel.close();
    await open?.ended;
  }

  abandon(): void {
    this.#open?.channel.close();
  }

  /** What a text became; `undefined` for one that was not streamed. */
  whole({ item, output, part }: TextPlace): string | undefined {
    return this.#whole.get(`${item} ${part}`) ?? this.#whole.get(`#${output} ${part}`);
  }

  async #run(delta: TextDelta, place: TextPlace | undefined, channel: TextChannel): Promise<void> {
    let whole = '';
    const keep = (): void => {
      if (place === undefined) return;
      this.#whole.set(`${place.item} ${place.part}`, whole);
      this.#whole.set(`#${place.output} ${place.part}`, whole);
    };
    keep();
    for await (const piece of this.#transform(channel.read())) {
      whole += piece;
      this.#queue.push(delta.withText(piece));
    }
    keep();
  }
}
