import { addAll } from '../../../../kernel/bounds/add-all.ts';
import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { SseFrame } from '../../../../kernel/sse-frame.ts';
import { frameBytes, parseFrame } from '../../../sse/sse-frame.ts';
import type {
  AnswerEvent,
  AnswerUsage,
  CallBegin,
  CallEvent,
  EndReason,
} from '../../../translation/answer-event.ts';
import { faultError } from '../../../translation/faults/fault-error.ts';
import { toldInStream } from '../../../translation/faults/with-wait.ts';
import type { ModelRequest } from '../../../translation/model-request.ts';
import type { TranslationWriter } from '../../../translation/translation-codec.ts';
import { newId } from '../../common/new-id.ts';
import { openaiError } from '../../common/openai-error.ts';
import { eventFrame } from '../../common/read-event.ts';
import { thinkingBlocks } from './thinking-blocks.ts';
import { callOf, callPiece } from './write-calls.ts';
import { finishReasons, writeChatUsage } from './write-end.ts';

const done = parseFrame(frameBytes('[DONE]'));

/**
 * Writes an answer as a stream of the Chat Completions API, each piece of it as soon as it comes. What is thought comes
 * as `reasoning_content` and, signed, as `thinking_blocks`: the names that LiteLLM gave to both.
 */
export class ChatTranslationWriter implements TranslationWriter {
  readonly #head: JsonObject;
  readonly #wantsUsage: boolean;
  #isBegun = false;
  #calls = 0;
  #call: { readonly begin: CallBegin; readonly index: number; hasInput: boolean } | undefined;
  /** Thoughts that follow each other come together: some clients keep the last list that they are given. */
  #thoughts: JsonObject[] = [];

  constructor({ model, wantsUsage }: ModelRequest, nowSeconds: number) {
    const id = newId('chatcmpl', '-');
    this.#head = { id, object: 'chat.completion.chunk', created: nowSeconds, model };
    this.#wantsUsage = wantsUsage;
  }

  write(event: AnswerEvent): readonly SseFrame[] {
    const begun = this.#isBegun ? [] : [this.#chunk({ role: 'assistant', content: '' })];
    this.#isBegun = true;
    const isThought = event.kind === 'reasoning' || event.kind === 'reasoning-end';
    return [...begun, ...(isThought ? [] : this.#thought()), ...this.#written(event)];
  }

  #written(event: AnswerEvent): readonly SseFrame[] {
    switch (event.kind) {
      case 'begin':
      case 'text-end':
        return [];
      case 'text':
        return [this.#chunk({ content: event.delta })];
      case 'reasoning':
        return [this.#chunk({ reasoning_content: event.delta })];
      case 'reasoning-end':
        addAll(this.#thoughts, thinkingBlocks(event.original));
        return [];
      case 'call-begin':
      case 'call-input':
      case 'call-end':
      case 'call-cut':
        return this.#called(event);
      case 'end':
        return this.#end(event.reason, event.usage);
      case 'failed':
        return [eventFrame(openaiError(toldInStream(faultError(event.failure)))), done];
    }
  }

  #thought(): readonly SseFrame[] {
    const blocks = this.#thoughts;
    this.#thoughts = [];
    return blocks.length === 0 ? [] : [this.#chunk({ thinking_blocks: blocks })];
  }

  #called(event: CallEvent): readonly SseFrame[] {
    if (event.kind === 'call-begin') return [this.#beginCall(event)];
    if (event.kind === 'call-input') return this.#input(event.delta);
    const rest = event.kind === 'call-end' ? this.#restOfCall() : [];
    this.#call = undefined;
    return rest;
  }

  #beginCall(begin: CallBegin): SseFrame {
    const index = this.#calls;
    this.#calls += 1;
    this.#call = { begin, index, hasInput: false };
    return this.#chunk({ tool_calls: [{ index, ...callOf(begin, '') }] });
  }

  #input(delta: string): readonly SseFrame[] {
    if (this.#call === undefined || delta === '') return [];
    this.#call.hasInput = true;
    const { begin, index } = this.#call;
    return [this.#chunk({ tool_calls: [{ index, ...callPiece(begin, delta) }] })];
  }

  /** A function without parameters gets an object all the same. */
  #restOfCall(): readonly SseFrame[] {
    const call = this.#call;
    const isEmpty = call !== undefined && !call.hasInput && call.begin.callKind !== 'custom';
    return isEmpty ? this.#input('{}') : [];
  }

  #end(reason: EndReason, usage: AnswerUsage | undefined): readonly SseFrame[] {
    const told = writeChatUsage(usage);
    const counted =
      this.#wantsUsage && told !== undefined ? [eventFrame({ ...this.#head, choices: [], usage: told })] : [];
    return [this.#chunk({}, finishReasons[reason]), ...counted, done];
  }

  #chunk(delta: JsonObject, reason: string | null = null): SseFrame {
    return eventFrame({
      ...this.#head,
      choices: [{ index: 0, delta, logprobs: null, finish_reason: reason }],
      ...(this.#wantsUsage ? { usage: null } : {}),
    });
  }
}
