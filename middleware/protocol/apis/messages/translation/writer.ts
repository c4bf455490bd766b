import { addAll } from '../../../../kernel/bounds/add-all.ts';
import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { SseFrame } from '../../../../kernel/sse-frame.ts';
import type {
  AnswerEvent,
  AnswerFault,
  CallBegin,
  CallEnd,
  CallEvent,
} from '../../../translation/answer-event.ts';
import { brokenFault } from '../../../translation/faults/broken-answer.ts';
import { faultError } from '../../../translation/faults/fault-error.ts';
import { toldInStream } from '../../../translation/faults/with-wait.ts';
import type { ModelRequest } from '../../../translation/model-request.ts';
import type { Original } from '../../../translation/original.ts';
import type { TranslationWriter } from '../../../translation/translation-codec.ts';
import { listOf } from '../../common/list-of.ts';
import { newId } from '../../common/new-id.ts';
import { eventFrame } from '../../common/read-event.ts';
import { messagesError } from '../error.ts';
import { expectsThinking, sealedSignature } from './thoughts.ts';
import { messageHead, stopReasons, writeMessagesUsage } from './write-end.ts';

type BlockType = 'text' | 'thinking' | 'tool_use';

/**
 * Writes an answer as a stream of the Messages API, each piece of it as soon as it comes. What the provider wants back
 * goes into the `signature` of thinking blocks; for a client that asked for no thinking, into one behind the calls.
 */
export class MessagesTranslationWriter implements TranslationWriter {
  readonly #head: JsonObject;
  readonly #expectsThinking: boolean;
  #frames: SseFrame[] = [];
  #isBegun = false;
  #open: BlockType | undefined;
  #index = 0;
  #hasCalls = false;
  #isOver = false;
  readonly #untold: Original[] = [];

  constructor(request: ModelRequest) {
    this.#head = messageHead(newId('msg'), request.model);
    this.#expectsThinking = expectsThinking(request);
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
        this.#add('text', { type: 'text_delta', text: event.delta });
        break;
      case 'reasoning':
        this.#think(event.delta);
        break;
      case 'reasoning-end':
        this.#endReasoning(event.original);
        break;
      case 'text-end':
        this.#close();
        break;
      case 'end':
        this.#end(event);
        break;
      case 'failed':
        this.#fail(event.failure);
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
        this.#emit('content_block_delta', { index: this.#index, delta: inputDelta(event.delta) });
        break;
      case 'call-end':
        this.#endCall(event);
        break;
      case 'call-cut':
        // A block without its end: clients run a call once its block has ended.
        this.#open = undefined;
        this.#index += 1;
    }
  }

  /** A client of this API takes an object, and breaks off in its own words where it gets none. */
  #endCall({ isObject }: CallEnd): void {
    this.#hasCalls = true;
    if (isObject) this.#close();
    else this.#fail(brokenFault('noObject'));
  }

  #fail(failure: AnswerFault): void {
    this.#isOver = true;
    this.#frames.push(eventFrame(messagesError(toldInStream(faultError(failure))), 'error'));
  }

  #begin(): void {
    if (this.#isBegun) return;
    this.#isBegun = true;
    // The counts are known at the end, and clients take them from there.
    this.#emit('message_start', { message: { ...this.#head, usage: writeMessagesUsage(undefined) } });
  }

  #add(type: BlockType, delta: JsonObject): void {
    if (this.#open !== type) this.#start(type, emptyBlocks[type]);
    this.#emit('content_block_delta', { index: this.#index, delta });
  }

  #start(type: BlockType, block: JsonObject): void {
    this.#close();
    this.#open = type;
    this.#emit('content_block_start', { index: this.#index, content_block: { type, ...block } });
  }

  #beginCall({ callId, name }: CallBegin): void {
    this.#start('tool_use', { id: callId, name, input: {} });
  }

  #think(thinking: string): void {
    if (this.#expectsThinking) this.#add('thinking', { type: 'thinking_delta', thinking });
  }

  #endReasoning(original: Original | undefined): void {
    if (!this.#expectsThinking) addAll(this.#untold, listOf(original));
    else if (this.#open === 'thinking' || original !== undefined) this.#sign(listOf(original));
  }

  #sign(originals: readonly Original[]): void {
    this.#add('thinking', { type: 'signature_delta', signature: sealedSignature(originals) });
    this.#close();
  }

  #close(): void {
    if (this.#open === undefined) return;
    this.#open = undefined;
    this.#emit('content_block_stop', { index: this.#index });
    this.#index += 1;
  }

  #end({ reason, usage }: Extract<AnswerEvent, { kind: 'end' }>): void {
    this.#close();
    // Without calls nobody asks for what was thought.
    if (this.#hasCalls && this.#untold.length > 0) this.#sign(this.#untold);
    const delta = { stop_reason: stopReasons[reason], stop_sequence: null };
    this.#emit('message_delta', { delta, usage: writeMessagesUsage(usage) });
    this.#emit('message_stop', {});
  }

  #emit(type: string, members: JsonObject): void {
    this.#frames.push(eventFrame({ type, ...members }, type));
  }
}

const emptyBlocks: Readonly<Record<BlockType, JsonObject>> = {
  text: { text: '' },
  thinking: { thinking: '', signature: '' },
  tool_use: {},
};

function inputDelta(json: string): JsonObject {
  return { type: 'input_json_delta', partial_json: json };
}
