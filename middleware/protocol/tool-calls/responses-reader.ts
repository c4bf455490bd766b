import { canonicalJson } from '../../kernel/canonical-json.ts';
import { CodexPlusError } from '../../kernel/errors.ts';
import { type JsonObject, parseJson } from '../../kernel/json-object.ts';
import type { SseFrame } from '../../kernel/sse-frame.ts';
import { isJsonObject } from '../../kernel/json-object.ts';
import { objectsIn, readEvent } from './read-event.ts';
import { responsesCall } from './responses-calls.ts';
import type { Ending, Holds, Piece, RoundItem, RoundReader } from './round.ts';
import type { ToolCall } from './tool-call.ts';

/** What stands in every frame that has to be read; a delta is passed on unread while no call is held. */
const hints = [
  '.created',
  '.queued',
  '.in_progress',
  'output_item.',
  '.completed',
  '.incomplete',
  '.failed',
  'error',
  // A letter of the names above may be written as an escape.
  '\\u00',
].map((text) => Buffer.from(text));

const endings: ReadonlyMap<string, Ending> = new Map([
  ['response.completed', 'complete'],
  ['response.incomplete', 'partial'],
  ['response.failed', 'failed'],
  ['error', 'failed'],
]);

/** Reads a stream of the Responses API. A call is complete with its `output_item.done`. */
export class ResponsesReader implements RoundReader {
  readonly #holds: Holds;
  readonly #open = new Set<string>();
  readonly #done = new Map<string, JsonObject>();
  #items: readonly RoundItem[] | undefined;
  #usage: JsonObject | undefined;
  #chainId: string | undefined;

  constructor(holds: Holds) {
    this.#holds = holds;
  }

  read(frame: SseFrame): readonly Piece[] {
    const isRead = this.#open.size > 0 || hints.some((hint) => frame.raw.includes(hint));
    const event = isRead ? readEvent(frame) : undefined;
    if (event === undefined) return [{ kind: 'other', frame, event }];
    const type = typeof event['type'] === 'string' ? event['type'] : '';
    switch (type) {
      case 'response.created':
      case 'response.queued':
      case 'response.in_progress':
        return [{ kind: 'opening', frame, event }];
      case 'response.output_item.added':
        return [this.#added(frame, event)];
      case 'response.output_item.done':
        return this.#finished(frame, event);
    }
    const ending = endings.get(type);
    if (ending !== undefined)
      return [...this.#takeEnd(event), { kind: 'end', frame, event, ending, isLast: true }];
    const key = keyOf(event);
    return [this.#open.has(key) ? { kind: 'held', key, frame, event } : { kind: 'other', frame, event }];
  }

  items(): readonly RoundItem[] {
    return this.#items ?? [...this.#done].map(([key, item]) => ({ key, item, call: responsesCall(item) }));
  }

  usage(): JsonObject | undefined {
    return this.#usage;
  }

  chainId(): string | undefined {
    return this.#chainId;
  }

  #added(frame: SseFrame, event: JsonObject): Piece {
    const call = isJsonObject(event['item']) ? responsesCall(event['item']) : undefined;
    // A call without a name yet may be any.
    const isHeld = call !== undefined && (call.name === '' || this.#holds(call));
    if (!isHeld) return { kind: 'other', frame, event };
    const key = keyOf(event);
    this.#open.add(key);
    return { kind: 'held', key, frame, event };
  }

  #finished(frame: SseFrame, event: JsonObject): readonly Piece[] {
    const { item } = event;
    if (!isJsonObject(item)) return [{ kind: 'other', frame, event }];
    const key = keyOf(event);
    this.#done.set(key, item);
    const call = responsesCall(item);
    const wasHeld = this.#open.delete(key);
    if (call === undefined || !(wasHeld || this.#holds(call))) return [{ kind: 'other', frame, event }];
    return [
      { kind: 'held', key, frame, event },
      { kind: 'complete', key, call },
    ];
  }

  /** Clients take a call from its own event, or from the end. */
  #refuseOther(call: ToolCall, streamed: ToolCall | undefined): void {
    if (streamed?.name === call.name && isSameInput(streamed.input, call.input)) return;
    if (!this.#holds(call) && (streamed === undefined || !this.#holds(streamed))) return;
    throw new CodexPlusError(
      'upstream_unreadable',
      "the upstream's answer cannot be checked: its end says a tool call otherwise than its stream",
    );
  }

  /** The end says again what the answer consists of; a call that comes only there is held as well. */
  #takeEnd(event: JsonObject): readonly Piece[] {
    const response = event['response'];
    if (!isJsonObject(response)) return [];
    if (typeof response['id'] === 'string') this.#chainId = response['id'];
    if (isJsonObject(response['usage'])) this.#usage = response['usage'];
    const output = objectsIn(response['output']);
    if (output.length === 0) return [];
    const keys = new Map([...this.#done].map(([key, item]) => [idOf(item), key]));
    this.#items = output.map((item, index) => {
      const call = responsesCall(item);
      const key = keys.get(idOf(item)) ?? `end ${index}`;
      // Of a call what was checked counts; of the rest the end may know more, such as the encrypted reasoning.
      const streamed = call === undefined ? undefined : this.#done.get(key);
      if (call !== undefined && streamed !== undefined) this.#refuseOther(call, responsesCall(streamed));
      return streamed === undefined
        ? { key, item, call }
        : { key, item: streamed, call: responsesCall(streamed) };
    });
    return this.#items.flatMap(({ key, call }) =>
      call === undefined || this.#done.has(key) || !this.#holds(call)
        ? []
        : [{ kind: 'complete', key, call } as const],
    );
  }
}

/** Bridges between APIs may write the JSON of an input again, with other white space. */
function isSameInput(one: string, other: string): boolean {
  if (one === other) return true;
  const [first, second] = [parseJson(one), parseJson(other)];
  return first !== undefined && second !== undefined && canonicalJson(first) === canonicalJson(second);
}

function keyOf(event: JsonObject): string {
  const { output_index: index, item_id: id, item } = event;
  if (typeof index === 'number') return String(index);
  return typeof id === 'string' ? id : isJsonObject(item) ? idOf(item) : '';
}

/** A call is told by its `call_id`: some providers give items no ids. */
function idOf({ type, call_id: callId, id }: JsonObject): string {
  return `${String(type)} ${String(callId ?? id)}`;
}
