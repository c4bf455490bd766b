import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { SseFrame } from '../../../../kernel/sse-frame.ts';
import type { AnswerEvent } from '../../../translation/answer-event.ts';
import { parseWithExactInputs } from '../../../json/exact-numbers.ts';
import { CallIds } from '../../../translation/call-id.ts';
import { CallInput } from '../../../translation/inputs/call-input.ts';
import { signedThought, type Original } from '../../../translation/original.ts';
import { brokenAnswer, type BrokenReason } from '../../../translation/faults/broken-answer.ts';
import { EndTold } from '../../common/ends/end-told.ts';
import { toldFault } from '../../../translation/faults/told-fault.ts';
import type { NamedTool } from '../../../translation/model-request.ts';
import type { ToolNames } from '../../../translation/tool-names.ts';
import type { TranslationReader } from '../../../translation/translation-codec.ts';
import { newId } from '../../common/new-id.ts';
import { inputAt, objectAt, readEvent, textAt } from '../../common/read-event.ts';
import { ContentBlockBuilder } from '../content-block-builder.ts';
import { messagesUsage } from './read-usage.ts';
import { addCounts } from '../../common/usage-counts.ts';

/** The block that is open at the moment. */
interface OpenBlock {
  readonly index: unknown;
  readonly type: string;
  readonly builder: ContentBlockBuilder;
  /** Of a call. */
  readonly input: CallInput | undefined;
  /** Whether its input came at its begin: as JSON it is whole then, also where the answer was cut off in it, and deltas add nothing. */
  readonly hasWholeInput: boolean;
}

/** Reads a stream of the Messages API. Blocks that are neither texts, thoughts nor calls say nothing to a client of another API. */
export class MessagesTranslationReader implements TranslationReader {
  readonly #names: ToolNames;
  /** Whose thoughts they are. */
  readonly #maker: string | undefined;
  readonly #callIds: CallIds;
  #block: OpenBlock | undefined;
  #usage: JsonObject | undefined;
  readonly #told = new EndTold();
  #hasCalls = false;
  /** The input of a call whose block has ended, and which is not whole for certain: what follows tells. */
  #unsure: CallInput | undefined;
  #isOver = false;

  constructor(names: ToolNames, maker: string | undefined, callIds = new CallIds([])) {
    this.#names = names;
    this.#maker = maker;
    this.#callIds = callIds;
  }

  read(frame: SseFrame): readonly AnswerEvent[] {
    const event = this.#isOver ? undefined : readEvent(frame, parseWithExactInputs);
    return event === undefined ? [] : this.readEvent(event);
  }

  readEvent(event: JsonObject): readonly AnswerEvent[] {
    if (this.#isOver) return [];
    switch (textAt(event, 'type')) {
      case 'message_start': {
        const message = objectAt(event, 'message');
        this.#usage = addCounts(this.#usage, objectAt(message, 'usage'));
        return [
          {
            kind: 'begin',
            id: textAt(message, 'id') || undefined,
            model: textAt(message, 'model') || undefined,
          },
        ];
      }
      case 'content_block_start':
        return this.#begin(event);
      case 'content_block_delta':
        return this.#add(event);
      case 'content_block_stop':
        return this.#end(event);
      case 'message_delta':
        return this.#tellEnd(event);
      case 'message_stop':
        return this.#stop();
      case 'error':
        this.#isOver = true;
        return [{ kind: 'failed', failure: toldFault(event['error']), usage: messagesUsage(this.#usage) }];
      default:
        return [];
    }
  }

  finish(): readonly AnswerEvent[] {
    // Some bridges leave the last event out; a reason to stop is an end all the same.
    if (this.#isOver) return [];
    return this.#block === undefined ? this.#stop() : this.#broken('ended');
  }

  #tellEnd(event: JsonObject): readonly AnswerEvent[] {
    this.#told.tell(textAt(objectAt(event, 'delta'), 'stop_reason'));
    this.#usage = addCounts(this.#usage, objectAt(event, 'usage'));
    return this.#told.reason === 'broken' ? this.#broken('broken') : [];
  }

  #stop(): readonly AnswerEvent[] {
    const end = this.#told.meant(this.#hasCalls);
    if (end === undefined) return this.#broken('ended');
    const last = this.#lastPart(end.reason !== 'stop' && end.reason !== 'calls');
    if (last === undefined) return this.#broken('call');
    this.#isOver = true;
    return [...last, { kind: 'end', ...end, usage: messagesUsage(this.#usage) }];
  }

  /** The end of the part in which the answer may have been cut off; `undefined` for a call that is not whole. */
  #lastPart(isCut: boolean): readonly AnswerEvent[] | undefined {
    const isOpen = this.#block?.input !== undefined;
    if (!isOpen && this.#unsure === undefined) return this.#endBlock();
    if (isCut) return [{ kind: 'call-cut' }];
    return isOpen ? undefined : this.#endUnsure();
  }

  #endUnsure(): readonly AnswerEvent[] | undefined {
    const input = this.#unsure;
    this.#unsure = undefined;
    return input === undefined ? undefined : callEnd(input, false);
  }

  #begin(event: JsonObject): readonly AnswerEvent[] {
    if (this.#block !== undefined) return this.#broken('twoBlocks');
    // Nothing follows a call that was cut off.
    const ended = this.#unsure === undefined ? [] : this.#endUnsure();
    return ended === undefined ? this.#broken('call') : [...ended, ...this.#beginBlock(event)];
  }

  #beginBlock(event: JsonObject): readonly AnswerEvent[] {
    const start = objectAt(event, 'content_block');
    const type = textAt(start, 'type');
    const tool = type === 'tool_use' ? this.#names.toolOf(textAt(start, 'name')) : undefined;
    const input = tool === undefined ? undefined : new CallInput(tool.kind === 'custom');
    const hasWholeInput = saysInput(start['input']);
    this.#block = {
      index: event['index'],
      type,
      builder: new ContentBlockBuilder(start),
      input,
      hasWholeInput,
    };
    if (tool !== undefined) return this.#beginCall(start, tool);
    if (type === 'text') return deltas('text', textAt(start, 'text'));
    return type === 'thinking' ? deltas('reasoning', textAt(start, 'thinking')) : [];
  }

  #beginCall(start: JsonObject, { kind, namespace, name }: NamedTool): readonly AnswerEvent[] {
    this.#hasCalls = true;
    const begin = {
      kind: 'call-begin',
      callKind: kind,
      namespace,
      name,
      callId: this.#callIds.next(textAt(start, 'id') || newId('call')),
    } as const;
    // One that comes whole has no deltas.
    return this.#block?.hasWholeInput === true ? [begin, ...this.#input(inputAt(start, 'input'))] : [begin];
  }

  #add(event: JsonObject): readonly AnswerEvent[] {
    if (this.#block === undefined || event['index'] !== this.#block.index)
      return this.#broken('unknownBlock');
    const delta = objectAt(event, 'delta');
    this.#block.builder.add(delta);
    switch (textAt(delta, 'type')) {
      case 'text_delta':
        return this.#said('text', textAt(delta, 'text'));
      case 'thinking_delta':
        return this.#said('thinking', textAt(delta, 'thinking'));
      case 'input_json_delta':
        return this.#block.hasWholeInput ? [] : this.#input(textAt(delta, 'partial_json'));
      default:
        return [];
    }
  }

  /** What is said in a block of another kind belongs to one that was not begun; a block that means nothing here may say anything. */
  #said(kind: 'text' | 'thinking', delta: string): readonly AnswerEvent[] {
    const type = this.#block?.type ?? '';
    if (type === kind) return deltas(kind === 'text' ? 'text' : 'reasoning', delta);
    return ofTheModel.has(type) ? this.#broken('unknownBlock') : [];
  }

  #input(json: string): readonly AnswerEvent[] {
    return deltas('call-input', this.#block?.input?.add(json) ?? '');
  }

  #end(event: JsonObject): readonly AnswerEvent[] {
    const block = this.#block;
    // An end that is told twice takes nothing away.
    if (block !== undefined && event['index'] !== block.index) return this.#broken('unknownBlock');
    // Nobody knows which is meant; one that is told twice is one.
    return block?.builder.hasTwoInputs === true ? this.#broken('call') : this.#endBlock();
  }

  #endBlock(): readonly AnswerEvent[] {
    const block = this.#block;
    this.#block = undefined;
    switch (block?.type) {
      case 'text':
        return [{ kind: 'text-end' }];
      case 'thinking':
      case 'redacted_thinking':
        return [{ kind: 'reasoning-end', original: originalOf(block.builder.block(), this.#maker) }];
      case 'tool_use':
        return this.#endCall(block);
      case undefined:
      default:
        return [];
    }
  }

  #endCall({ input, hasWholeInput }: OpenBlock): readonly AnswerEvent[] {
    const ended = hasWholeInput || input === undefined ? undefined : callEnd(input, true);
    if (ended === undefined) this.#unsure = input;
    return ended ?? [];
  }

  #broken(reason: BrokenReason): readonly AnswerEvent[] {
    this.#isOver = true;
    return [brokenAnswer(reason, messagesUsage(this.#usage))];
  }
}

/**
 * A thought that was cut off before its signature came would be refused when it goes back, and so would one of which nobody
 * knows who signed it.
 */
function originalOf(block: JsonObject, maker: string | undefined): Original | undefined {
  const blocks = signedThought(block);
  return blocks.length === 0 || maker === undefined
    ? undefined
    : { origin: 'anthropic', provider: maker, blocks };
}

/** Some servers give an object, some a text with the JSON in it; an empty one says that it follows, or that there is none. */
function saysInput(input: unknown): boolean {
  if (typeof input === 'string') return input.trim() !== '';
  return typeof input === 'object' && input !== null ? Object.keys(input).length > 0 : false;
}

/** The types of blocks in which the model itself says something. */
const ofTheModel: ReadonlySet<string> = new Set(['text', 'thinking', 'redacted_thinking', 'tool_use']);

/** `undefined` for a call that is not whole. */
function callEnd(input: CallInput, isCut: boolean): readonly AnswerEvent[] | undefined {
  const rest = input.end(isCut);
  if (rest === undefined) return undefined;
  return [...deltas('call-input', rest), { kind: 'call-end', isObject: input.isObject() }];
}

function deltas(kind: 'text' | 'reasoning' | 'call-input', delta: string): readonly AnswerEvent[] {
  return delta === '' ? [] : [{ kind, delta }];
}
