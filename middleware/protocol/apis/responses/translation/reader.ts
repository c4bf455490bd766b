import { addAll } from '../../../../kernel/bounds/add-all.ts';
import { isJsonObject, type JsonObject } from '../../../../kernel/json-object.ts';
import type { SseFrame } from '../../../../kernel/sse-frame.ts';
import type { AnswerEnd, AnswerEvent, AnswerUsage } from '../../../translation/answer-event.ts';
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
import { endOf } from './read-end.ts';

/** How an answer ended that is not whole. */
type Cut = Pick<AnswerEnd, 'reason' | 'told'>;

/** Where an item stands in an answer that ended. */
interface EndedPlace {
  readonly cut: Cut | undefined;
  readonly isLast: boolean;
}

interface Item {
  /** As the provider gave it; some give none. */
  readonly id: string;
  readonly open: OpenItem;
  readonly isCall: boolean;
  /** What the client gets of it once the items before it have ended. */
  readonly waiting: AnswerEvent[];
  hasEnded: boolean;
  /** Whether it is known not to be whole, whatever follows. */
  isCut: boolean;
}

/** Reads a stream of the Responses API. Items whose pieces come in turns are given one after the other. */
export class ResponsesTranslationReader implements TranslationReader {
  readonly #place: ItemPlace;
  /** By their places in the answer. */
  readonly #items = new Map<number, Item>();
  /** The places by the ids of the items, for events that do not tell their place. */
  readonly #places = new Map<string, number>();
  /** In their order; the client has got those before `#next` to their end. */
  readonly #queue: Item[] = [];
  #next = 0;
  /** The place of the item that came last. */
  #last = -1;
  #isBegun = false;
  #hasCalls = false;
  /** Whether the model refused in words. */
  #hasRefused = false;
  #isOver = false;
  /** Told at the end alone. */
  #usage: AnswerUsage | undefined;

  constructor(
    names: ToolNames,
    maker: string | undefined,
    callIds = new CallIds([]),
    { hasAllKinds }: Pick<ItemPlace, 'hasAllKinds'> = { hasAllKinds: false },
  ) {
    this.#place = { names, maker, callIds, hasAllKinds };
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
        return this.#add(this.#freePlace(event, item), item);
      case 'response.output_item.done':
        return this.#done(this.#placeOf(event), item);
      case 'error':
        return this.#failed(event['error'] ?? event);
      default:
        return this.#piece(event);
    }
  }

  finish(): readonly AnswerEvent[] {
    return this.#isOver ? [] : this.#broken('ended');
  }

  /** Some servers give every end the event of one that is whole, and tell in the answer how it ended; others never change its status. */
  #ended(response: JsonObject, status: string): readonly AnswerEvent[] {
    const told = textAt(response, 'status');
    return this.readWhole({ ...response, status: told === '' || goesOn.has(told) ? status : told });
  }

  /** The end of an answer, with all of it that did not come in pieces. */
  readWhole(response: JsonObject): readonly AnswerEvent[] {
    const begun = this.#begin(response);
    this.#usage = usageOf(response);
    if (response['status'] === 'cancelled' || hasFailed(response))
      return [...begun, ...this.#failed(errorOf(response))];
    const cut = endOf(response);
    const output = objectsIn(response['output']);
    const rest = output.flatMap((item, index) => {
      if (this.#isOver) return [];
      const isLast = index === output.length - 1;
      return this.#done(this.#places.get(textAt(item, 'id')) ?? index, item, { cut, isLast });
    });
    return [...begun, ...rest, ...(this.#isOver ? [] : this.#end(cut))];
  }

  #end(cut: Cut | undefined): readonly AnswerEvent[] {
    const events: AnswerEvent[] = [];
    for (const { open, isCall, waiting, hasEnded } of this.#queue.slice(this.#next)) {
      addAll(events, waiting);
      if (hasEnded) continue;
      // What was left open by an answer that was not cut off is not whole; a message says what it says all the same.
      if (isCall && cut === undefined) return [...events, ...this.#broken('call')];
      addAll(events, isCall ? [{ kind: 'call-cut' } as const] : (open.end({}, true) ?? []));
    }
    this.#isOver = true;
    const whole: Cut = { reason: this.#hasCalls ? 'calls' : 'stop' };
    const end = { ...(cut ?? whole), ...(this.#hasRefused ? { asSummary: 'filtered' as const } : {}) };
    return [...events, { kind: 'end', ...end, usage: this.#usage }];
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
  #placeOf(event: JsonObject): number {
    const { output_index: index, item_id: itemId } = event;
    const known = this.#places.get(textAt(objectAt(event, 'item'), 'id') || textAt({ itemId }, 'itemId'));
    if (known !== undefined) return known;
    return typeof index === 'number' ? index : this.#lastPlace();
  }

  /** That of a new item. Servers that number all items alike tell them apart by their ids. */
  #freePlace({ output_index: index }: JsonObject, item: JsonObject): number {
    const place = typeof index === 'number' ? index : this.#nextPlace();
    const id = textAt(item, 'id');
    const there = this.#items.get(place);
    const isAnother = there !== undefined && id !== '' && there.id !== '' && there.id !== id;
    return isAnother && !this.#places.has(id) ? this.#nextPlace() : place;
  }

  /** Of the item that came last and has not ended; else of the next one. */
  #lastPlace(): number {
    return this.#items.get(this.#last)?.hasEnded === false ? this.#last : this.#nextPlace();
  }

  #nextPlace(): number {
    let place = this.#last + 1;
    while (this.#items.has(place)) place += 1;
    return place;
  }

  #add(place: number, item: JsonObject): readonly AnswerEvent[] {
    if (this.#items.has(place)) return [];
    const { open, begun, isCall } = openItem(item, this.#place);
    const id = textAt(item, 'id');
    const added: Item = { id, open, isCall, waiting: [], hasEnded: false, isCut: false };
    this.#hasCalls ||= isCall;
    this.#items.set(place, added);
    this.#last = place;
    if (id !== '') this.#places.set(id, place);
    this.#queue.push(added);
    return this.#given(added, begun);
  }

  #piece(event: JsonObject): readonly AnswerEvent[] {
    this.#hasRefused ||= event['type'] === 'response.refusal.delta';
    const item = this.#items.get(this.#placeOf(event));
    return item === undefined || item.hasEnded || item.isCut ? [] : this.#given(item, item.open.add(event));
  }

  /** An item that ended, or came whole. `at`: where it stands in an answer that ended. */
  #done(
    place: number,
    whole: JsonObject,
    at: EndedPlace = { cut: undefined, isLast: false },
  ): readonly AnswerEvent[] {
    this.#noteRefusal(whole);
    const begun = this.#add(place, whole);
    const item = this.#items.get(place);
    if (item === undefined || item.hasEnded || item.isCut) return begun;
    item.isCut = item.isCall && isUnsure(whole, at);
    if (item.isCut) return begun;
    const isWhole = !cutItems.has(whole['status']);
    const ended = item.open.end(whole, !isWhole || (at.isLast && at.cut !== undefined));
    item.isCut = ended === undefined;
    if (ended === undefined)
      return isWhole && at.cut === undefined ? [...begun, ...this.#broken('call')] : begun;
    item.hasEnded = true;
    return [...begun, ...this.#given(item, ended), ...this.#following()];
  }

  #noteRefusal({ content }: JsonObject): void {
    this.#hasRefused ||= objectsIn(content).some(({ type }) => type === 'refusal');
  }

  /** At once, or once the items before it have ended. */
  #given(item: Item, events: readonly AnswerEvent[]): readonly AnswerEvent[] {
    if (this.#queue[this.#next] === item) return events;
    addAll(item.waiting, events);
    return [];
  }

  /** What waited for items that have ended by now. */
  #following(): readonly AnswerEvent[] {
    const events: AnswerEvent[] = [];
    while (this.#queue[this.#next]?.hasEnded === true) {
      this.#next += 1;
      addAll(events, this.#queue[this.#next]?.waiting.splice(0) ?? []);
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

/** Of an answer that ended nobody knows how, a call has to say itself that it is whole. */
function isUnsure({ status }: JsonObject, { cut }: EndedPlace): boolean {
  return cut?.reason === 'unknown' && status !== 'completed';
}

/** The statuses of an answer that has not ended. */
const goesOn: ReadonlySet<string> = new Set(['in_progress', 'queued']);
/** Those of items that may be half. */
const cutItems: ReadonlySet<unknown> = new Set(['incomplete', 'failed', 'cancelled']);

/** What an answer says of its failure, wherever it says it. */
function errorOf(response: JsonObject): unknown {
  const { error } = response;
  return isJsonObject(error) ? error : { ...failureOf(response) };
}

function usageOf(response: JsonObject): AnswerUsage | undefined {
  const usage = usageAt({ usage: response['usage'] });
  if (usage === undefined) return undefined;
  return {
    ...responsesAnswerCodec.countUsage(usage),
    cacheWriteTokens: countAt(usage['input_tokens_details'], 'cache_write_tokens'),
  };
}
