import type { FetchLike } from '@modelcontextprotocol/client';
import { answerThrough, boundedAnswer, createCount, type BodyReader } from '../bounded-answer.ts';
import { boundedText } from './bounded-message.ts';
import { EventReader, type EventBounds } from './event-reader.ts';
import { maxUnasked, maxUnaskedValues, PerSecond } from './per-second.ts';

interface BoundsOptions {
  /** A clock that only goes forward, in milliseconds. */
  readonly now: () => number;
  /** Hears that a list has more in it than is used. */
  readonly onCut: (list: string) => void;
}

/** `onBroken` hears why the answer is broken off. */
export type BoundedFetch = (
  url: string | URL,
  init?: RequestInit,
  onBroken?: (error: unknown) => void,
) => Promise<Response>;

/** Of one message; what is larger is broken off. */
const maxMessageBytes = 10 * 1024 * 1024;

/**
 * The same `fetch` for a server that is not ours: what comes without an end is broken off, a message has no more values than can be looked
 * at in a short time, and an event stream no more events in a second than anybody can read, as it is with a process.
 */
export function withinBounds(fetchFrom: FetchLike, { now, onCut }: BoundsOptions): BoundedFetch {
  const ofConnection = {
    messages: new PerSecond(maxUnasked, now),
    values: new PerSecond(maxUnaskedValues, now),
    others: new PerSecond(maxUnasked, now),
  };
  return async (url, init, onBroken = () => undefined) => {
    const answer = await fetchFrom(url, init);
    const type = answer.headers.get('content-type')?.trim().toLowerCase() ?? '';
    if (type.startsWith('text/event-stream')) {
      const bounds: EventBounds = { ...ofConnection, maxBytes: maxMessageBytes, now };
      return answerThrough(answer, (pass) => heard(new EventReader(bounds, { pass, onCut }), onBroken));
    }
    return type.includes('json')
      ? answerThrough(answer, () => createJsonReader(onCut))
      : boundedAnswer(answer, maxMessageBytes);
  };
}

/** The same reader, whose faults somebody hears of. */
function heard(reader: BodyReader, onBroken: (error: unknown) => void): BodyReader {
  return {
    take: (piece) => {
      try {
        return reader.take(piece);
      } catch (error) {
        onBroken(error);
        throw error;
      }
    },
    end: () => reader.end(),
    leave: () => reader.leave?.(),
  };
}

/** JSON in one piece. */
function createJsonReader(onCut: BoundsOptions['onCut']): BodyReader {
  const count = createCount(maxMessageBytes);
  const pieces: Buffer[] = [];
  return {
    take: (piece) => {
      count(piece.length);
      pieces.push(piece);
      return undefined;
    },
    end: () => {
      const bytes = Buffer.concat(pieces);
      const given = bytes.toString();
      const text = boundedText(given, onCut);
      if (text === undefined) throw new Error('it sent JSON with more in it than is read');
      if (bytes.length === 0) return undefined;
      return text === given ? bytes : Buffer.from(text);
    },
  };
}
