import { isJsonObject, type JsonObject } from '../../../../kernel/json-object.ts';
import type { SseFrame } from '../../../../kernel/sse-frame.ts';
import type { AnswerEvent, AnswerUsage, EndReason } from '../../../translation/answer-event.ts';
import { CallIds } from '../../../translation/call-id.ts';
import { brokenAnswer, type BrokenReason } from '../../../translation/faults/broken-answer.ts';
import { toldFault } from '../../../translation/faults/told-fault.ts';
import type { ToolNames } from '../../../translation/tool-names.ts';
import type { TranslationReader } from '../../../translation/translation-codec.ts';
import { objectAt, objectsIn, readEvent, textAt } from '../../common/read-event.ts';
import { countAt, usageAt } from '../../common/usage-counts.ts';
import { failureOf, hasFailed } from '../../answer-failure.ts';
import { responsesAnswerCodec } from '../answer.ts';
import { openItem, type ItemPlace, type OpenItem } from './open-item.ts';

interface Item {
  readonly open: OpenItem;
  readonly isCall: boolean;
  /** What the client gets of it once the items before it have ended. */
  readonly waiting: AnswerEvent[];
  hasEnded: boolean;
}

/** Reads a stream of the Responses API. Items whose pieces come in turns are given one after the other. */
export class ResponsesTranslationReader implements TranslationReader {
  readonly #place: ItemPlace;
  /** By their places in the answer. */
  readonly #items = new Map<number, Item>();
  /** The places by the ids of the items, for events that do not tell their place. */
  readonly #places = new Map<string, number>();
  /** Those that the client has not got to their end, in their order. */
  readonly #queue: Item[] = [];
  #isBegun = false;
  #hasCalls = false;
  #isOver = false;
  /** Told at the end alone. */
  #usage: AnswerUsage | undefined;

  constructor(names: ToolNames, provider: string | undefined, callIds = new CallIds([])) {
    this.#place = { names, provider, callIds };
  }

  read(frame: SseFrame): readonly AnswerEvent[] {
    const event = readEvent(frame);
    if (event === undefined || this.#isOver) return [];
    const type = textAt(event, 'type');
    const status = ends.get(type);
    if (status !== undefined) return this.#ended(objectAt(event, 'response'), status);
    const item = objectAt(event, 'item');
    switch (type) {
      case 'response.created':
        return this.#begin(objectAt(event, 'response'));
      case 'response.output_item.added':
        return this.#add(this.#placeOf(event, this.#items.size), item);
      case 'response.output_item.done':
        return this.#done(this.#placeOf(event, this.#lastPlace()), item);
      case 'error':
        return this.#failed(event['error'] ?? event);
      default:
        return this.#piece(event);
    }
  }

  finish(): readonly AnswerEvent[] {
    return this.#isOver ? [] : this.#broken('ended');
  }

  /** Some servers give every end the event of one that is whole, and tell in the answer how it ended. */
  #ended(response: JsonObject, status: string): readonly AnswerEvent[] {
    return this.readWhole({ ...response, status: textAt(response, 'status') || status });
  }

  /** The end of an answer, with all of it that did not come in pieces. */
  readWhole(response: JsonObject): readonly AnswerEvent[] {
    const begun = this.#begin(response);
    const { status } = response;
    this.#usage = usageOf(response);
    if (status === 'cancelled' || hasFailed(response)) return [...begun, ...this.#failed(errorOf(response))];
    const cut = status === 'incomplete' ? cutReason(response) : undefined;
    const output = objectsIn(response['output']);
    const rest = output.flatMap((item, index) => {
      if (this.#isOver) return [];
      const isLast = index === output.length - 1;
      return this.#done(this.#places.get(textAt(item, 'id')) ?? index, item, { cut, isLast });
    });
    return [...begun, ...rest, ...(this.#isOver ? [] : this.#end(cut))];
  }

  #end(cut: EndReason | undefined): readonly AnswerEvent[] {
    const left = this.#queue.splice(0);
    const events: AnswerEvent[] = [];
    for (const { open, isCall, waiting, hasEnded } of left) {
      events.push(...waiting);
      if (hasEnded) continue;
      // What was left open by an answer that was not cut off is not whole; a message says what it says all the same.
      if (isCall && cut === undefined) return [...events, ...this.#broken('call')];
      events.push(...(isCall ? [{ kind: 'call-cut' } as const] : (open.end({}, true) ?? [])));
    }
    this.#isOver = true;
    const reason = cut ?? (this.#hasCalls ? 'calls' : 'stop');
    return [...events, { kind: 'end', reason, usage: this.#usage }];
  }

  #failed(error: unknown): readonly AnswerEvent[] {
    this.#isOver = true;
    return [{ kind: 'failed', failure: toldFault(error), usage: this.#usage }];
  }

  #begin(response: JsonObject): readonly AnswerEvent[] {
    if (this.#isBegun) return [];
    this.#isBegun = true;
    const { id, model } = { id: textAt(response, 'id'), model: textAt(response, 'model') };
    return [{ kind: 'begin', id: id || undefined, model: model || undefined }];
  }

  /** The place of the item that an event is about, where some servers do not tell it. */
  #placeOf({ output_index: index, item_id: itemId, item }: JsonObject, otherwise: number): number {
    if (typeof index === 'number') return index;
    const id = isJsonObject(item) ? item['id'] : itemId;
    return (typeof id === 'string' ? this.#places.get(id) : undefined) ?? otherwise;
  }

  /** Of the item that came last and has not ended; else of the next one. */
  #lastPlace(): number {
    const last = this.#items.size - 1;
    return this.#items.get(last)?.hasEnded === false ? last : last + 1;
  }

  #add(place: number, item: JsonObject): readonly AnswerEvent[] {
    if (this.#items.has(place)) return [];
    const { open, begun, isCall } = openItem(item, this.#place);
    const added: Item = { open, isCall, waiting: [], hasEnded: false };
    this.#hasCalls ||= isCall;
    this.#items.set(place, added);
    const id = textAt(item, 'id');
    if (id !== '') this.#places.set(id, place);
    this.#queue.push(added);
    return this.#given(added, begun);
  }

  #piece(event: JsonObject): readonly AnswerEvent[] {
    const item = this.#items.get(this.#placeOf(event, this.#lastPlace()));
    return item === undefined || item.hasEnded ? [] : this.#given(item, item.open.add(event));
  }

  /** An item that ended, or came whole. `at`: where it stands in an answer that ended. */
  #done(
    place: number,
    whole: JsonObject,
    at: { readonly cut: EndReason | undefined; readonly isLast: boolean } = { cut: undefined, isLast: false },
  ): readonly AnswerEvent[] {
    const begun = this.#add(place, whole);
    const item = this.#items.get(place);
    if (item === undefined || item.hasEnded) return begun;
    const isIncomplete = whole['status'] === 'incomplete';
    const ended = item.open.end(whole, isIncomplete || (at.isLast && at.cut !== undefined));
    if (ended === undefined)
      return isIncomplete || at.cut !== undefined ? begun : [...begun, ...this.#broken('call')];
    item.hasEnded = true;
    return [...begun, ...this.#given(item, ended), ...this.#next()];
  }

  /** At once, or once the items before it have ended. */
  #given(item: Item, events: readonly AnswerEvent[]): readonly AnswerEvent[] {
    if (this.#queue[0] === item) return events;
    item.waiting.push(...events);
    return [];
  }

  /** What waited for items that have ended by now. */
  #next(): readonly AnswerEvent[] {
    const events: AnswerEvent[] = [];
    while (this.#queue[0]?.hasEnded === true) {
      this.#queue.shift();
      const next = this.#queue.at(0);
      if (next !== undefined) events.push(...next.waiting.splice(0));
    }
    return events;
  }

  #broken(reason: BrokenReason): readonly AnswerEvent[] {
    this.#isOver = true;
    return [brokenAnswer(reason, this.#usage)];
  }
}

/** With the status that each stands for. */
const ends: ReadonlyMap<string, string> = new Map([
  ['response.completed', 'completed'],
  ['response.incomplete', 'incomplete'],
  ['response.failed', 'failed'],
]);

/** What an answer says of its failure, wherever it says it. */
function errorOf(response: JsonObject): unknown {
  const { error } = response;
  return isJsonObject(error) ? error : { ...failureOf(response) };
}

function cutReason(response: JsonObject): EndReason {
  const reason = textAt(objectAt(response, 'incomplete_details'), 'reason');
  return reason === 'content_filter' ? 'filtered' : 'limit';
}

function usageOf(response: JsonObject): AnswerUsage | undefined {
  const usage = usageAt({ usage: response['usage'] });
  if (usage === undefined) return undefined;
  return {
    ...responsesAnswerCodec.countUsage(usage),
    cacheWriteTokens: countAt(usage['input_tokens_details'], 'cache_write_tokens'),
  };
}
