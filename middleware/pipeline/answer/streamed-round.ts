import type { SseFrame } from '../../kernel/sse-frame.ts';
import type { EndPart, Ending, RoundItem, RoundReader } from '../../protocol/apis/round.ts';
import { HeldQueue } from './held-queue.ts';
import type { CallResolution } from './resolve-call.ts';

/** One round of a streamed answer while it is read. */
export interface StreamedRound {
  readonly source: AsyncIterator<SseFrame>;
  readonly reader: RoundReader;
  readonly queue: HeldQueue;
  /** Its end, where that waits for what becomes of the answer. */
  readonly ends: EndPart[];
  /** Whether it is over, and was taken for what it is. */
  isTaken: boolean;
}

export function openRound(frames: AsyncIterable<SseFrame>, reader: RoundReader): StreamedRound {
  return { source: frames[Symbol.asyncIterator](), reader, queue: new HeldQueue(), ends: [], isTaken: false };
}

/** Not awaited: a source that waits for its next frame only takes notice after that. */
export function leave({ source }: Pick<StreamedRound, 'source'>): void {
  source.return?.().catch(() => undefined);
}

/** The frames as they come, and `undefined` whenever the call that all else waits for is decided before the next one. */
export async function* untilDecided({
  source,
  queue,
}: Pick<StreamedRound, 'source' | 'queue'>): AsyncGenerator<SseFrame | undefined, void, undefined> {
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

/** What the round said, without the calls that nobody decided about: the client gets none of these. */
export function decidedItems(
  { reader, queue }: Pick<StreamedRound, 'reader' | 'queue'>,
  holds: RoundHolds,
  resolutions: ReadonlyMap<string, CallResolution> = queue.resolutions(),
): readonly RoundItem[] {
  return reader.items().filter(({ key, call }) => call === undefined || resolutions.has(key) || !holds(call));
}

type RoundHolds = (call: NonNullable<RoundItem['call']>) => boolean;

/** How a round ended whose end came in several parts. */
export function worstOf(ends: readonly EndPart[]): Ending {
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
