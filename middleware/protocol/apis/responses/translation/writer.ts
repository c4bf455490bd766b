import type { Client } from '../../../../kernel/exchange.ts';
import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { SseFrame } from '../../../../kernel/sse-frame.ts';
import type {
  AnswerEnd,
  AnswerEvent,
  CallBegin,
  CallEnd,
  CallEvent,
  EndReason,
} from '../../../translation/answer-event.ts';
import { brokenFault } from '../../../translation/faults/broken-answer.ts';
import type { ModelRequest } from '../../../translation/model-request.ts';
import { sealOriginal, type Original } from '../../../translation/original.ts';
import type { TranslationWriter } from '../../../translation/translation-codec.ts';
import { eventFrame } from '../../common/read-event.ts';
import { messageItem, responseHead, textPart } from '../local-answer.ts';
import { callItem, reasoningItem, takesText, writtenKind } from './write-items.ts';
import { failureOf } from './write-failure.ts';
import { newId } from '../../common/new-id.ts';
import { usageOf } from './write-usage.ts';

type AnswerFailed = Extract<AnswerEvent, { kind: 'failed' }>;

/** What is being written at the moment. */
type Open =
  | { readonly kind: 'message' | 'reasoning'; readonly id: string; text: string }
  | { readonly kind: 'call'; readonly id: string; readonly begin: CallBegin; input: string };

/**
 * Writes an answer as a stream of the Responses API, each piece of it as soon as it comes: items with their deltas,
 * numbered as OpenAI numbers them.
 */
export class ResponsesTranslationWriter implements TranslationWriter {
  readonly #head: JsonObject;
  readonly #client: Client | undefined;
  readonly #output: JsonObject[] = [];
  #frames: SseFrame[] = [];
  #open: Open | undefined;
  /** The place of the item that is open, or comes next. */
  #index = 0;
  #sequence = 0;
  #isBegun = false;
  #isOver = false;

  constructor({ model }: ModelRequest, nowSeconds: number, client?: Client) {
    this.#client = client;
    this.#head = responseHead(newId('resp'), model, nowSeconds);
  }

  write(event: AnswerEvent): readonly SseFrame[] {
    this.#frames = [];
    if (!this.#isOver) this.#write(event);
    return this.#frames;
  }

  #write(event: AnswerEvent): void {
    this.#begin();
    switch (event.kind) {
      case 'begin':
        break;
      case 'text':
        this.#addText('message', event.delta);
        break;
      case 'text-end':
        this.#close(undefined);
        break;
      case 'reasoning':
        this.#addText('reasoning', event.delta);
        break;
      case 'reasoning-end':
        this.#endReasoning(event.original);
        break;
      case 'end':
        this.#close(undefined);
        this.#end(event);
        break;
      case 'failed':
        this.#fail(event);
        break;
      case 'call-begin':
      case 'call-input':
      case 'call-end':
      case 'call-cut':
        this.#called(event);
    }
  }

  #called(event: CallEvent): void {
    switch (event.kind) {
      case 'call-begin':
        this.#beginCall(event);
        break;
      case 'call-input':
        this.#addInput(event.delta);
        break;
      case 'call-end':
        this.#endCall(event);
        break;
      case 'call-cut':
        this.#open = undefined;
        this.#index += 1;
    }
  }

  #begin(): void {
    if (this.#isBegun) return;
    this.#isBegun = true;
    const response = { ...this.#head, status: 'in_progress', output: [], usage: null };
    this.#emit({ type: 'response.created', response });
    this.#emit({ type: 'response.in_progress', response });
  }

  #end({ reason, told, usage }: AnswerEnd): void {
    const cut = reason === 'unknown' ? (told ?? reason) : cutReasons[reason];
    const response = {
      ...this.#head,
      output: this.#output,
      usage: usageOf(usage) ?? null,
      status: cut === undefined ? 'completed' : 'incomplete',
      incomplete_details: cut === undefined ? null : { reason: cut },
    };
    this.#emit({ type: cut === undefined ? 'response.completed' : 'response.incomplete', response });
  }

  #fail({ failure, usage }: Pick<AnswerFailed, 'failure' | 'usage'>): void {
    this.#isOver = true;
    const error = failureOf(failure, this.#client);
    const told = { error, usage: usageOf(usage) ?? null };
    const response = { ...this.#head, status: 'failed', output: this.#output, ...told };
    this.#emit({ type: 'response.failed', response });
  }

  #addText(kind: 'message' | 'reasoning', delta: string): void {
    if (this.#open?.kind !== kind) {
      this.#close(undefined);
      this.#beginText(kind);
    }
    if (delta === '' || this.#open === undefined || this.#open.kind === 'call') return;
    this.#open.text += delta;
    const { id } = this.#open;
    this.#emit(
      kind === 'message'
        ? { type: 'response.output_text.delta', ...this.#at(id), content_index: 0, delta, logprobs: [] }
        : { type: 'response.reasoning_summary_text.delta', ...this.#at(id), summary_index: 0, delta },
    );
  }

  #beginText(kind: 'message' | 'reasoning'): void {
    const isMessage = kind === 'message';
    const id = newId(isMessage ? 'msg' : 'rs');
    this.#open = { kind, id, text: '' };
    const item = isMessage ? messageItem(id, '', 'in_progress') : reasoningItem(id, '', undefined);
    this.#added(isMessage ? { ...item, content: [] } : item);
    this.#emit(
      isMessage
        ? { type: 'response.content_part.added', ...this.#at(id), content_index: 0, part: textPart('') }
        : {
            type: 'response.reasoning_summary_part.added',
            ...this.#at(id),
            summary_index: 0,
            part: { type: 'summary_text', text: '' },
          },
    );
  }

  /** Thoughts of which nothing is shown are an item all the same: it holds what the provider wants back. */
  #endReasoning(original: Original | undefined): void {
    if (this.#open?.kind === 'reasoning') {
      this.#close(original);
      return;
    }
    this.#close(undefined);
    if (original === undefined) return;
    const id = newId('rs');
    const item = reasoningItem(id, '', sealOriginal(original));
    this.#added({ ...item, encrypted_content: '' });
    this.#done(item);
  }

  #beginCall(begin: CallBegin): void {
    this.#close(undefined);
    const id = newId(writtenKind(begin.callKind).idPrefix);
    this.#open = { kind: 'call', id, begin, input: '' };
    this.#added({ ...callItem(id, begin, ''), status: 'in_progress' });
  }

  #addInput(delta: string): void {
    if (this.#open?.kind !== 'call' || delta === '') return;
    this.#open.input += delta;
    const { id, begin } = this.#open;
    const { streamedAs } = writtenKind(begin.callKind);
    if (streamedAs !== undefined)
      this.#emit({ type: `response.${streamedAs}.delta`, ...this.#at(id), delta });
  }

  #close(original: Original | undefined): void {
    const open = this.#open;
    if (open === undefined) return;
    // What did not end must not be run.
    if (open.kind === 'message') this.#closeMessage(open.id, open.text);
    if (open.kind === 'reasoning') this.#closeReasoning(open.id, open.text, original);
    this.#open = undefined;
  }

  #endCall({ isObject }: CallEnd): void {
    if (this.#open?.kind !== 'call') return;
    const { id, begin, input } = this.#open;
    this.#open = undefined;
    if (!isObject && !takesText(begin.callKind)) {
      this.#fail({ failure: brokenFault('noObject'), usage: undefined });
      return;
    }
    const { streamedAs, inputs } = writtenKind(begin.callKind);
    // A function without parameters gets an object all the same.
    const whole = input === '' && begin.callKind !== 'custom' ? '{}' : input;
    if (streamedAs !== undefined)
      this.#emit({ type: `response.${streamedAs}.done`, ...this.#at(id), [inputs[0]]: whole });
    this.#done(callItem(id, begin, whole));
  }

  #closeMessage(id: string, text: string): void {
    const at = { ...this.#at(id), content_index: 0 };
    this.#emit({ type: 'response.output_text.done', ...at, text, logprobs: [] });
    this.#emit({ type: 'response.content_part.done', ...at, part: textPart(text) });
    this.#done(messageItem(id, text, 'completed'));
  }

  #closeReasoning(id: string, text: string, original: Original | undefined): void {
    const at = { ...this.#at(id), summary_index: 0 };
    this.#emit({ type: 'response.reasoning_summary_text.done', ...at, text });
    this.#emit({ type: 'response.reasoning_summary_part.done', ...at, part: { type: 'summary_text', text } });
    this.#done(reasoningItem(id, text, original === undefined ? undefined : sealOriginal(original)));
  }

  #at(id: string): JsonObject {
    return { item_id: id, output_index: this.#index };
  }

  #added(item: JsonObject): void {
    this.#emit({ type: 'response.output_item.added', output_index: this.#index, item });
  }

  #done(item: JsonObject): void {
    this.#emit({ type: 'response.output_item.done', output_index: this.#index, item });
    this.#output.push(item);
    this.#index += 1;
  }

  #emit(event: JsonObject): void {
    this.#frames.push(eventFrame({ ...event, sequence_number: this.#sequence }, String(event['type'])));
    this.#sequence += 1;
  }
}

const cutReasons: Readonly<Partial<Record<EndReason, string>>> = {
  limit: 'max_output_tokens',
  filtered: 'content_filter',
  paused: 'pause_turn',
};
