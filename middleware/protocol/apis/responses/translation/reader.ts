import { isJsonObject, type JsonObject } from '../../../../kernel/json-object.ts';
import type { SseFrame } from '../../../../kernel/sse-frame.ts';
import type { AnswerEvent, AnswerUsage, EndReason } from '../../../translation/answer-event.ts';
import { brokenAnswer, type BrokenReason } from '../../../translation/faults/broken-answer.ts';
import { toldFault } from '../../../translation/faults/told-fault.ts';
import type { ToolNames } from '../../../translation/tool-names.ts';
import type { TranslationReader } from '../../../translation/translation-codec.ts';
import { objectAt, objectsIn, readEvent, textAt } from '../../common/read-event.ts';
import { countAt, usageAt } from '../../common/usage-counts.ts';
import { responsesAnswerCodec } from '../answer.ts';
import { openItem, type OpenItem } from './open-item.ts';

interface Item {
  readonly open: OpenItem;
  readonly isCall: boolean;
  /** What the client gets of it once the items before it have ended. */
  readonly waiting: AnswerEvent[];
  hasEnded: boolean;
}

/** Reads a stream of the Responses API. Items whose pieces come in turns are given one after the other. */
export class ResponsesTranslationReader implements TranslationReader {
  readonly #place: { readonly names: ToolNames; readonly provider: string | undefined };
  /** By their places in the answer. */
  readonly #items = new Map<unknown, Item>();
  /** Those that the client has not got to their end, in their order. */
  readonly #queue: Item[] = [];
  #isBegun = false;
  #hasCalls = false;
  #isOver = false;
  /** Told at the end alone. */
  #usage: AnswerUsage | undefined;

  constructor(names: ToolNames, provider: string | undefined) {
    this.#place = { names, provider };
  }

  read(frame: SseFrame): readonly AnswerEvent[] {
    const event = readEvent(frame);
    if (event === undefined || this.#isOver) return [];
    const type = textAt(event, 'type');
    if (ends.has(type)) return this.readWhole(objectAt(event, 'response'));
    switch (type) {
      case 'response.created':
        return this.#begin(objectAt(event, 'response'));
      case 'response.output_item.added':
        return this.#add(event['output_index'], objectAt(event, 'item'));
      case 'response.output_item.done':
        return this.#done(event['output_index'], objectAt(event, 'item'));
      case 'error':
        return this.#failed(event['error'] ?? event);
      default:
        return this.#piece(event);
    }
  }

  finish(): readonly AnswerEvent[] {
    return this.#isOver ? [] : this.#broken('ended');
  }

  /** The end of an answer, with all of it that did not come in pieces. */
  readWhole(response: JsonObject): readonly AnswerEvent[] {
    const begun = this.#begin(response);
    const { status, error } = response;
    this.#usage = usageOf(response);
    if (status === 'failed' || status === 'cancelled' || isJsonObject(error))
      return [...begun, ...this.#failed(error)];
    const cut = status === 'incomplete' ? cutReason(response) : undefined;
    const rest = objectsIn(response['output']).flatMap((item, index) =>
      this.#isOver ? [] : this.#done(index, item, cut !== undefined),
    );
    return [...begun, ...rest, ...(this.#isOver ? [] : this.#end(cut))];
  }

  #end(cut: EndReason | undefined): readonly AnswerEvent[] {
    const left = this.#queue[0];
    // What was left open by an answer that was not cut off is not whole; a message says what it says all the same.
    if (left?.isCall === true && cut === undefined) return this.#broken('call');
    this.#isOver = true;
    const ended = left === undefined || left.isCall ? [] : (left.open.end({}, true) ?? []);
    return [
      ...ended,
      { kind: 'end', reason: cut ?? (this.#hasCalls ? 'calls' : 'stop'), usage: this.#usage },
    ];
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

  #add(index: unknown, item: JsonObject): readonly AnswerEvent[] {
    if (this.#items.has(index)) return [];
    const { open, begun, isCall } = openItem(item, this.#place);
    const added: Item = { open, isCall, waiting: [], hasEnded: false };
    this.#hasCalls ||= isCall;
    this.#items.set(index, added);
    this.#queue.push(added);
    return this.#given(added, begun);
  }

  #piece(event: JsonObject): readonly AnswerEvent[] {
    const item = this.#items.get(event['output_index']);
    return item === undefined || item.hasEnded ? [] : this.#given(item, item.open.add(event));
  }

  /** An item that ended, or came whole. `isCutOff`: whether the answer was, and this may be where. */
  #done(index: unknown, whole: JsonObject, isCutOff = false): readonly AnswerEvent[] {
    const begun = this.#add(index, whole);
    const item = this.#items.get(index);
    if (item === undefined || item.hasEnded) return begun;
    const isCut = isCutOff || whole['status'] === 'incomplete';
    const ended = item.open.end(whole, isCut);
    if (ended === undefined) return isCut ? begun : [...begun, ...this.#broken('call')];
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

const ends: ReadonlySet<string> = new Set(['response.completed', 'response.incomplete', 'response.failed']);

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
