import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import type { SseFrame } from '../../../kernel/sse-frame.ts';
import { signsOf, type AnswerSigns } from '../answer-signs.ts';
import { holdsNone } from '../common/holds-none.ts';
import { objectAt, objectsIn, readHeldEvent, typeOf } from '../common/read-event.ts';
import { callHints, streamedInputs } from './calls/call-kinds.ts';
import { responsesCall } from './calls/calls.ts';
import type { Ending, Holds, StreamPart, RoundItem, RoundReader } from '../round.ts';
import { inputEvent, isSameInput, StreamedCall } from './calls/streamed-call.ts';
import type { ToolCall } from '../tool-call.ts';
import { unreadable } from '../common/unreadable.ts';

const inputs = [...streamedInputs.keys()].map((name) => String.raw`${name}\.`).join('|');

/**
 * What stands in every frame that has to be read; a delta is passed on unread while no call is held. A letter of these names may
 * be written as an escape.
 */
const hint = new RegExp(
  String.raw`\.(?:created|queued|in_progress|completed|incomplete|failed)|output_item\.|error|${inputs}|\\u00`,
);

const calls = callHints.map((type) => `${type}"`).join('|');

export const responsesSigns: AnswerSigns = {
  whole: signsOf(calls),
  stream: {
    concerning: new RegExp(String.raw`${calls}|${inputs}|\.failed|:\s*"error"|event: *error|\\u00`),
    kept: hint,
    end: /\.(?:completed|incomplete)/,
  },
};

const endings: ReadonlyMap<string, Ending> = new Map([
  ['response.completed', 'complete'],
  ['response.incomplete', 'partial'],
  ['response.failed', 'failed'],
  ['error', 'failed'],
]);

/** Reads a stream of the Responses API. A call is complete with its `output_item.done`. */
export class ResponsesReader implements RoundReader {
  readonly #holds: Holds;
  readonly #open = new Map<string, StreamedCall>();
  /** How many of them are held. */
  #heldCount = 0;
  readonly #done = new Map<string, JsonObject>();
  #items: readonly RoundItem[] | undefined;
  #usage: JsonObject | undefined;
  #chainId: string | undefined;

  constructor(holds: Holds) {
    this.#holds = holds;
  }

  read(frame: SseFrame): readonly StreamPart[] {
    const isRead = this.#heldCount > 0 || hint.test(frame.raw.toString('latin1'));
    const event = isRead ? readHeldEvent(frame, this.#holds) : undefined;
    if (event === undefined) return [{ kind: 'other', frame, event }];
    const type = typeOf(event, frame, this.#holds);
    switch (type) {
      case 'response.created':
      case 'response.queued':
      case 'response.in_progress':
        this.#refuseWhole(objectAt(event, 'response'));
        return [{ kind: 'opening', frame, event }];
      case 'response.output_item.added':
        return [this.#added(frame, event)];
      case 'response.output_item.done':
        return this.#finished(frame, event);
    }
    const ending = endings.get(type);
    if (ending !== undefined)
      return [...this.#takeEnd(event), { kind: 'end', frame, event, ending, isLast: true }];
    return [this.#part(type, frame, event)];
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

  #added(frame: SseFrame, event: JsonObject): StreamPart {
    const call = isJsonObject(event['item']) ? responsesCall(event['item']) : undefined;
    // A call without a name yet may be any.
    if (call === undefined || this.#holds === holdsNone) return { kind: 'other', frame, event };
    const key = keyOf(event);
    if (this.#open.has(key)) throw saidTwice();
    const isHeld = call.name === '' || this.#holds(call);
    this.#open.set(key, new StreamedCall(objectAt(event, 'item'), call, isHeld));
    if (!isHeld) return { kind: 'other', frame, event };
    this.#heldCount += 1;
    return { kind: 'held', key, frame, event };
  }

  /** What is said of an item before it is done. */
  #part(type: string, frame: SseFrame, event: JsonObject): StreamPart {
    if (this.#holds === holdsNone) return { kind: 'other', frame, event };
    const key = keyOf(event);
    const call = this.#open.get(key);
    if (inputEvent.test(type)) {
      if (call?.isMeantBy(event) !== true)
        throw unreadable('it goes on with the input of a tool call that has not begun, or has ended');
      call.add(type, event);
    }
    return call?.isHeld === true ? { kind: 'held', key, frame, event } : { kind: 'other', frame, event };
  }

  #finished(frame: SseFrame, event: JsonObject): readonly StreamPart[] {
    const { item } = event;
    if (!isJsonObject(item)) return [{ kind: 'other', frame, event }];
    const key = keyOf(event);
    this.#done.set(key, item);
    const call = responsesCall(item);
    const streamed = this.#open.get(key);
    this.#open.delete(key);
    if (streamed?.isHeld === true) this.#heldCount -= 1;
    const isHeld = streamed?.isHeld === true || (call !== undefined && this.#holds(call));
    if (!isHeld) return [{ kind: 'other', frame, event }];
    if (call === undefined || streamed?.isSameAs(call) === false) throw saidTwice();
    return [
      { kind: 'held', key, frame, event },
      { kind: 'complete', key, call },
    ];
  }

  /** Clients take a call from its own event, or from the end. */
  #refuseOther(call: ToolCall, streamed: ToolCall | undefined): void {
    if (streamed?.name === call.name && isSameInput(streamed.input, call.input)) return;
    if (!this.#holds(call) && (streamed === undefined || !this.#holds(streamed))) return;
    throw unreadable('its end says a tool call otherwise than its stream');
  }

  /** Some clients take what an answer begins with for a part of it. */
  #refuseWhole({ output }: JsonObject): void {
    const calls = objectsIn(output).map(responsesCall);
    if (calls.some((call) => call !== undefined && this.#holds(call)))
      throw unreadable('it begins with a tool call');
  }

  /** The end says again what the answer consists of; a call that comes only there is held as well. */
  #takeEnd(event: JsonObject): readonly StreamPart[] {
    const response = event['response'];
    if (!isJsonObject(response)) return [];
    if (typeof response['id'] === 'string') this.#chainId = response['id'];
    if (isJsonObject(response['usage'])) this.#usage = response['usage'];
    const output = objectsIn(response['output']);
    if (output.length === 0) return [];
    const keys = this.#keysById();
    this.#items = output.map((item, index) => {
      const call = responsesCall(item);
      const key = keys.get(idOf(item))?.shift() ?? `end ${index}`;
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

  /** Of several calls with one id, the end has them in the order of the stream. */
  #keysById(): ReadonlyMap<string, string[]> {
    const keys = new Map<string, string[]>();
    for (const [key, item] of this.#done) {
      const known = keys.get(idOf(item));
      if (known === undefined) keys.set(idOf(item), [key]);
      else known.push(key);
    }
    return keys;
  }
}

function saidTwice(): Error {
  return unreadable('its stream says a tool call in two ways');
}

function keyOf(event: JsonObject): string {
  const { output_index: index, item_id: id, item } = event;
  // Beyond that, two numbers may be one.
  if (Number.isSafeInteger(index)) return String(index);
  return typeof id === 'string' ? id : isJsonObject(item) ? idOf(item) : '';
}

/** A call is told by its `call_id`: some providers give items no ids. */
function idOf({ type, call_id: callId, id }: JsonObject): string {
  return `${String(type)} ${String(callId ?? id)}`;
}
