import type { ByteSink, ByteStream } from '../../kernel/byte-stream.ts';
import { StateKey } from '../../kernel/exchange-state.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { UpstreamAnswer } from '../../kernel/upstream.ts';
import { failureIn, type AnswerFailure } from '../../protocol/apis/answer-failure.ts';
import { placeKey, type HookPlace } from '../../features/hooks/sessions/hook-place.ts';

type Send = (exchange: Exchange) => Promise<UpstreamAnswer>;

/** What is kept of an error's body: its message stands at the beginning. */
const keptBytes = 64 * 1024;

const failureKey = new StateKey<() => AnswerFailure | undefined>('failure of the answer');

/** Why answers failed, as their upstreams said it; only where a hook wants to know. */
export class FailedAnswers {
  /** Where somebody wants to hear of it. What a client asks for itself, and a subagent, is no turn of the user's. */
  placeOf(exchange: Exchange): HookPlace | undefined {
    if (exchange.turn.kind !== 'user') return undefined;
    const place = exchange.state.get(placeKey);
    return place?.hooks.anyFor('StopFailure') === true ? place : undefined;
  }

  /** The same calls, with the bodies of error statuses read along as they go by. */
  watch(send: Send): Send {
    return (exchange) => {
      const sent = send(exchange);
      return this.placeOf(exchange) === undefined
        ? sent
        : sent.then((answer) => (answer.status < 400 ? answer : this.#watched(answer, exchange)));
    };
  }

  note({ state }: Exchange, failure: AnswerFailure): void {
    state.set(failureKey, () => failure);
  }

  of({ state }: Exchange): AnswerFailure | undefined {
    return state.get(failureKey)?.();
  }

  #watched(answer: UpstreamAnswer, { state }: Exchange): UpstreamAnswer {
    const body = new ReadAlong(answer.body);
    state.set(failureKey, () => failureIn(body.text()));
    return { ...answer, body };
  }
}

/** A stream that keeps the beginning of what goes by. */
class ReadAlong implements ByteStream {
  readonly #stream: ByteStream;
  readonly #kept: Buffer[] = [];
  #bytes = 0;

  constructor(stream: ByteStream) {
    this.#stream = stream;
  }

  text(): string {
    return Buffer.concat(this.#kept).toString();
  }

  deliver(sink: ByteSink): void {
    this.#stream.deliver({
      data: (chunk) => {
        this.#keep(chunk);
        return sink.data(chunk);
      },
      end: () => {
        sink.end();
      },
      fail: (error) => {
        sink.fail(error);
      },
    });
  }

  resume(): void {
    this.#stream.resume();
  }

  cancel(): void {
    this.#stream.cancel();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void, undefined> {
    for await (const chunk of this.#stream) {
      this.#keep(chunk);
      yield chunk;
    }
  }

  #keep(chunk: Buffer): void {
    if (this.#bytes < keptBytes) this.#kept.push(chunk);
    this.#bytes += chunk.length;
  }
}
