import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import type { SseFrame } from '../../../kernel/sse-frame.ts';
import { holdsNone } from '../common/holds-none.ts';
import { ContentBlockBuilder } from './content-block-builder.ts';
import { messagesCall } from './calls.ts';
import { objectAt, objectsIn, readHeldEvent, textAt, typeOf } from '../common/read-event.ts';
import type { Ending, Holds, StreamPart, RoundItem, RoundReader } from '../round.ts';
import { unreadable } from '../common/unreadable.ts';
import { addCounts } from '../common/usage-counts.ts';

/** Reads a stream of the Messages API. A call is complete with its `content_block_stop`. */
export class MessagesReader implements RoundReader {
  readonly #holds: Holds;
  readonly #blocks = new Map<string, ContentBlockBuilder>();
  readonly #held = new Set<string>();
  /** The key of the block that each index stands for at the moment. */
  readonly #keys = new Map<string, string>();
  /** Blocks that have begun and not ended. */
  readonly #open = new Set<string>();
  /** Whether a block had another number than its place: some clients go by the one, some by the other. */
  #isMisnumbered = false;
  #usage: JsonObject | undefined;

  constructor(holds: Holds) {
    this.#holds = holds;
  }

  read(frame: SseFrame): readonly StreamPart[] {
    const event = readHeldEvent(frame, this.#holds);
    if (event === undefined) return [{ kind: 'other', frame, event }];
    const type = typeOf(event, frame, this.#holds);
    switch (type) {
      case 'message_start':
        this.#refuseWhole(objectAt(event, 'message'));
        this.#addUsage(objectAt(event, 'message')['usage']);
        return [{ kind: 'opening', frame, event }];
      case 'content_block_start':
      case 'content_block_delta':
      case 'content_block_stop':
        return this.#block(type, frame, event);
      case 'message_delta':
        this.#addUsage(event['usage']);
        return [{ kind: 'end', frame, event, ending: endingOf(objectAt(event, 'delta')), isLast: false }];
      case 'message_stop':
        return [{ kind: 'end', frame, event, ending: 'complete', isLast: true }];
      case 'error':
        return [{ kind: 'end', frame, event, ending: 'failed', isLast: true }];
      default:
        return [{ kind: 'other', frame, event }];
    }
  }

  items(): readonly RoundItem[] {
    return [...this.#blocks].map(([key, builder]) => {
      const item = builder.block();
      return { key, item, call: messagesCall(item) };
    });
  }

  usage(): JsonObject | undefined {
    return this.#usage;
  }

  chainId(): undefined {
    return undefined;
  }

  #block(type: string, frame: SseFrame, event: JsonObject): readonly StreamPart[] {
    const isStart = type === 'content_block_start';
    const key = isStart ? this.#begin(event) : this.#keyOf(event);
    const builder = this.#blocks.get(key);
    if (type === 'content_block_delta') this.#addDelta(key, objectAt(event, 'delta'));
    if (type === 'content_block_stop') this.#open.delete(key);
    if (!this.#held.has(key)) return [{ kind: 'other', frame, event }];
    const isEnd = type === 'content_block_stop' && builder !== undefined;
    if (isEnd && builder.hasTwoInputs)
      throw unreadable('a tool call begins with another input than it goes on with');
    const call = isEnd ? messagesCall(builder.block()) : undefined;
    return [
      { kind: 'held', key, frame, event },
      ...(call === undefined ? [] : [{ kind: 'complete', key, call } as const]),
    ];
  }

  #addDelta(key: string, delta: JsonObject): void {
    const isInput = delta['type'] === 'input_json_delta';
    if (isInput && !this.#open.has(key) && this.#holds !== holdsNone)
      throw unreadable('it goes on with the input of a tool call that has not begun, or has ended');
    this.#blocks.get(key)?.add(delta);
  }

  #begin(event: JsonObject): string {
    const index = String(event['index']);
    this.#isMisnumbered ||= event['index'] !== this.#blocks.size;
    // Of several blocks with one number, the last is meant.
    const key = this.#blocks.has(index) ? `${index} ${this.#blocks.size}` : index;
    this.#keys.set(index, key);
    this.#open.add(key);
    const start = objectAt(event, 'content_block');
    this.#blocks.set(key, new ContentBlockBuilder(start));
    const call = messagesCall(start);
    if (call !== undefined && (call.name === '' || this.#holds(call))) this.#held.add(key);
    if (this.#isMisnumbered && this.#held.size > 0)
      throw unreadable('its blocks are not numbered by their places, and one of them is a tool call');
    return key;
  }

  #keyOf(event: JsonObject): string {
    const index = String(event['index']);
    return this.#keys.get(index) ?? index;
  }

  /** Clients take what a message begins with for a part of it. */
  #refuseWhole({ content }: JsonObject): void {
    const calls = objectsIn(content).map(messagesCall);
    if (!calls.some((call) => call !== undefined && this.#holds(call))) return;
    throw unreadable('it begins with a tool call');
  }

  /** The counts at the end are those of the whole message. */
  #addUsage(usage: unknown): void {
    if (isJsonObject(usage)) this.#usage = addCounts(this.#usage, usage);
  }
}

/** How a message ended, or one whose delta it is. Some providers give no reason. */
export function endingOf(message: JsonObject): Ending {
  const reason = textAt(message, 'stop_reason');
  return reason === 'tool_use' || reason === 'end_turn' || reason === '' ? 'complete' : 'partial';
}
