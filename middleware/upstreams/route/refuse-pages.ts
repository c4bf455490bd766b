import { CodexPlusError } from '../../kernel/errors.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { UpstreamAnswer } from '../../kernel/upstream.ts';
import { answerEncoding, answerKind, kindAsAsked } from '../../protocol/answer-kind.ts';
import { isPage, providerFault } from '../../protocol/translation/faults/litellm-fault.ts';
import { throughFilter, type BytesFilter } from '../words/through-filter.ts';

/**
 * An answer that has to be one of a model: a page for browsers, plain words, and JSON that is no object or has nothing in it fail at their
 * end. To clients they would be a turn in which the model had nothing to say. What has begun as an answer passes as it comes, and so does
 * what says that it is an event stream.
 */
export function refusePages(answer: UpstreamAnswer, exchange: Exchange): UpstreamAnswer {
  const { headers, body } = answer;
  if (answerKind(headers) === 'events' || answerEncoding(headers) !== undefined) return answer;
  const filter = new BegunAnswers(kindAsAsked(headers, exchange) === 'events');
  return { ...answer, body: throughFilter(body, filter, (error) => error) };
}

/** Of a page more is not needed to tell its title. */
const maxHeldBytes = 64 * 1024;
const nothing = Buffer.alloc(0);

class BegunAnswers implements BytesFilter {
  readonly #isStream: boolean;
  #hasBegun = false;
  #held: Buffer = nothing;

  constructor(isStream: boolean) {
    this.#isStream = isStream;
  }

  take(chunk: Buffer): Buffer {
    if (this.#hasBegun) return chunk;
    // What comes in one piece, as it does as a rule, is not copied.
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    this.#hasBegun = beginsAnswer(this.#held, this.#isStream);
    if (this.#hasBegun) return this.#free();
    if (this.#held.length > maxHeldBytes) throw noAnswer(this.#held);
    return nothing;
  }

  rest(isBroken: boolean): Buffer {
    // Half of an answer has an error of its own, and an empty one as well.
    if (isBroken || this.#held.toString().trim() === '') return this.#free();
    throw noAnswer(this.#held);
  }

  #free(): Buffer {
    const held = this.#held;
    this.#held = nothing;
    return held;
  }
}

const object = /^\s*\{\s*[^\s}]/;
const stream = /^\s*(?:(?:data|event|id|retry)\s*:|:)/;

/** Behind so many bytes an answer has begun, but for one that begins with blanks. */
const usualBytes = 128;

function beginsAnswer(bytes: Buffer, isStream: boolean): boolean {
  const beginsWithin = (length: number): boolean => begins(bytes.toString('utf8', 0, length), isStream);
  return beginsWithin(usualBytes) || (bytes.length > usualBytes && beginsWithin(maxHeldBytes));
}

/** JavaScript's `\s` has the byte order mark in it. */
function begins(text: string, isStream: boolean): boolean {
  return object.test(text) || (isStream && stream.test(text));
}

function noAnswer(bytes: Buffer): CodexPlusError {
  const text = bytes.subarray(0, maxHeldBytes).toString();
  if (isPage(text)) return new CodexPlusError('provider_failed', providerFault(200, text).message);
  return new CodexPlusError(
    'upstream_unreadable',
    'the upstream answered a model call with what is no answer of a model; check the address that it is configured with',
  );
}
