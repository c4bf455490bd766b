import type { AnswerLimits } from '../../kernel/answer-limits.ts';
import { CodexPlusError } from '../../kernel/errors.ts';
import type { Api } from '../../kernel/exchange.ts';
import { objectIn, parseJsonObject } from '../../kernel/json-object.ts';
import type { UpstreamAnswer } from '../../kernel/upstream.ts';
import { answerEncoding, answerKind, isSuccess } from '../../protocol/answer-kind.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import { parseWithExactInputs } from '../../protocol/json/exact-numbers.ts';
import { brokenFault } from '../../protocol/translation/faults/broken-answer.ts';
import { isPage, providerFault } from '../../protocol/translation/faults/litellm-fault.ts';
import { errorInAnswer } from '../words/told-failure.ts';
import { throughFilter, type BytesFilter } from '../words/through-filter.ts';

/**
 * An answer that says that it is an event stream, with what else it may be read as one: an error or a whole answer in JSON, or a page of a
 * proxy. LiteLLM passes on as a stream whatever Anthropic's API answers to a call for one. A stream's bytes pass as they are, and
 * nothing of it is looked at behind its first letter.
 */
export function readInsteadOfStream(answer: UpstreamAnswer, api: Api, limits: AnswerLimits): UpstreamAnswer {
  const { status, headers } = answer;
  const { asStream } = codecOf(api).answer;
  const isStream = isSuccess(status) && answerKind(headers) === 'events';
  if (asStream === undefined || !isStream || answerEncoding(headers) !== undefined) return answer;
  const filter = new InsteadOfStream(api, limits.maxEventBytes);
  return { ...answer, body: throughFilter(answer.body, filter, (error) => error) };
}

class InsteadOfStream implements BytesFilter {
  readonly #api: Api;
  readonly #maxBytes: number;
  /** `undefined` as long as nothing but space came. */
  #isStream: boolean | undefined;
  #held: Buffer[] = [];
  #bytes = 0;

  constructor(api: Api, maxBytes: number) {
    this.#api = api;
    this.#maxBytes = maxBytes;
  }

  take(chunk: Buffer): Buffer {
    if (this.#isStream === true) return chunk;
    this.#held.push(chunk);
    this.#bytes += chunk.length;
    this.#isStream ??= beginsStream(chunk);
    if (this.#isStream !== true) return this.#holdOn();
    const begun = Buffer.concat(this.#held);
    this.#held = [];
    return begun;
  }

  rest(isBroken: boolean): Buffer {
    // Half of an error says nothing.
    const isNone = isBroken || this.#held.length === 0;
    return isNone ? Buffer.alloc(0) : framesOf(Buffer.concat(this.#held), this.#api);
  }

  #holdOn(): Buffer {
    if (this.#bytes <= this.#maxBytes) return Buffer.alloc(0);
    throw new CodexPlusError(
      'answer_too_large',
      `what the provider answered in the place of a stream is larger than ${this.#maxBytes} bytes; raise limits.maxEventBytes in codex_plus.json to accept it`,
    );
  }
}

/** Whether the first letter that is no space and no byte order mark can begin a field of an event; JSON and pages begin otherwise. */
function beginsStream(bytes: Buffer): boolean | undefined {
  const [first] = /[^\s\xEF\xBB\xBF]/.exec(bytes.toString('latin1')) ?? [];
  return first === undefined ? undefined : first !== '{' && first !== '<';
}

/** The frames that say what a body says which is no stream. Throws for one that is no answer. */
function framesOf(body: Buffer, api: Api): Buffer {
  const text = body.toString();
  if (text.trim() === '') return body;
  if (isPage(text)) throw new CodexPlusError('provider_failed', providerFault(200, text).message);
  const told = parseJsonObject(text);
  if (told === undefined) throw new CodexPlusError('stream_incomplete', brokenFault('ended').message);
  const error = errorInAnswer(told);
  if (error !== undefined) throw error;
  const frames = codecOf(api).answer.asStream?.(objectIn(parseWithExactInputs(text)));
  if (frames === undefined)
    throw new CodexPlusError(
      'upstream_unreadable',
      'the provider answered a call for a stream with JSON that is no answer of a model',
    );
  return Buffer.concat(frames.map(({ raw }) => raw));
}
