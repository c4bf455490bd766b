import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { AnswerEvent } from '../../../translation/answer-event.ts';
import type { CallIds } from '../../../translation/call-id.ts';
import { CallInput } from '../../../translation/inputs/call-input.ts';
import type { ToolNames } from '../../../translation/tool-names.ts';
import { newId } from '../../common/new-id.ts';
import { responsesCall } from '../calls/calls.ts';
import { inputAt, isText, objectsIn, textAt } from '../../common/read-event.ts';

/** An item of an answer while it comes in. */
export interface OpenItem {
  /** A piece of it, by the event that brings it. */
  readonly add: (event: JsonObject) => readonly AnswerEvent[];
  /**
   * Its end, with all that did not come in pieces. `undefined` for a call that is not whole: it must not be run. `isCut`: whether
   * the answer was cut off here.
   */
  readonly end: (item: JsonObject, isCut: boolean) => readonly AnswerEvent[] | undefined;
}

export interface ItemPlace {
  readonly names: ToolNames;
  readonly callIds: CallIds;
  /** Whose reasoning it is. */
  readonly maker: string | undefined;
  /** Whether tools were offered in all kinds that the API has, and not as functions alone. */
  readonly hasAllKinds: boolean;
}

/** What an item says, from its begin on. What the provider ran itself says nothing to a client of another API. */
export function openItem(
  item: JsonObject,
  place: ItemPlace,
): { readonly open: OpenItem; readonly begun: readonly AnswerEvent[]; readonly isCall: boolean } {
  switch (item['type']) {
    case 'message':
      return { open: new TextItem(), begun: [], isCall: false };
    case 'reasoning':
      return { open: new ReasoningItem(place.maker), begun: [], isCall: false };
    case 'function_call':
      return { ...callItem(item, place), isCall: true };
    default:
      return place.hasAllKinds && responsesCall(item) !== undefined
        ? { ...callItem(item, place), isCall: true }
        : { open: { add: () => [], end: () => [] }, begun: [], isCall: false };
  }
}

/** A message of the model, whose refusal is a text as well. */
class TextItem implements OpenItem {
  #given = '';

  add(event: JsonObject): readonly AnswerEvent[] {
    const isText =
      event['type'] === 'response.output_text.delta' || event['type'] === 'response.refusal.delta';
    return isText ? this.#give(textAt(event, 'delta')) : [];
  }

  end(item: JsonObject): readonly AnswerEvent[] {
    const whole = objectsIn(item['content'])
      .map((part) => textAt(part, 'text') || textAt(part, 'refusal'))
      .join('');
    const rest = whole.startsWith(this.#given) ? this.#give(whole.slice(this.#given.length)) : [];
    return this.#given === '' ? [] : [...rest, { kind: 'text-end' }];
  }

  #give(delta: string): readonly AnswerEvent[] {
    this.#given += delta;
    return delta === '' ? [] : [{ kind: 'text', delta }];
  }
}

/** A thought: what is shown of it, and what its provider wants back. */
class ReasoningItem implements OpenItem {
  readonly #maker: string | undefined;
  #isShown = false;
  #isNextPart = false;

  constructor(maker: string | undefined) {
    this.#maker = maker;
  }

  add(event: JsonObject): readonly AnswerEvent[] {
    switch (event['type']) {
      case 'response.reasoning_summary_part.added':
        this.#isNextPart = this.#isShown;
        return [];
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta':
        return this.#give(textAt(event, 'delta'));
      default:
        return [];
    }
  }

  end(item: JsonObject): readonly AnswerEvent[] {
    const parts = [...objectsIn(item['summary']), ...objectsIn(item['content'])];
    const whole = parts.map((part) => textAt(part, 'text')).filter((text) => text !== '');
    const shown = this.#isShown ? [] : this.#give(whole.join('\n\n'));
    const { encrypted_content: content } = item;
    if (!isText(content))
      return this.#isShown ? [...shown, { kind: 'reasoning-end', original: undefined }] : [];
    const original = {
      origin: 'openai',
      provider: this.#maker,
      blocks: [{ encrypted_content: content }],
    } as const;
    return [...shown, { kind: 'reasoning-end', original }];
  }

  #give(delta: string): readonly AnswerEvent[] {
    if (delta === '') return [];
    const between = this.#isNextPart ? '\n\n' : '';
    this.#isShown = true;
    this.#isNextPart = false;
    return [{ kind: 'reasoning', delta: between + delta }];
  }
}

function callItem(
  item: JsonObject,
  { names, callIds }: ItemPlace,
): { readonly open: OpenItem; readonly begun: readonly AnswerEvent[] } {
  const { kind: callKind, namespace, name } = names.toolOf(textAt(item, 'name'));
  const callId = callIds.next(textAt(item, 'call_id') || textAt(item, 'id') || newId('call'));
  const open = new CallItem(callKind === 'custom');
  return { open, begun: [{ kind: 'call-begin', callKind, namespace, name, callId }] };
}

class CallItem implements OpenItem {
  readonly #input: CallInput;
  #given = '';

  constructor(isCustom: boolean) {
    this.#input = new CallInput(isCustom);
  }

  add(event: JsonObject): readonly AnswerEvent[] {
    const isInput = event['type'] === 'response.function_call_arguments.delta';
    return isInput ? this.#give(textAt(event, 'delta')) : [];
  }

  end(item: JsonObject, isCut: boolean): readonly AnswerEvent[] | undefined {
    const whole = inputAt(item, 'arguments');
    // Two inputs of one call: nobody knows which is meant.
    if (whole !== '' && !whole.startsWith(this.#given)) return undefined;
    const given = this.#give(whole.slice(this.#given.length));
    const rest = this.#input.end(isCut);
    if (rest === undefined) return undefined;
    return [...given, ...inputEvents(rest), { kind: 'call-end', isObject: this.#input.isObject() }];
  }

  #give(json: string): readonly AnswerEvent[] {
    this.#given += json;
    return inputEvents(json === '' ? '' : this.#input.add(json));
  }
}

function inputEvents(delta: string): readonly AnswerEvent[] {
  return delta === '' ? [] : [{ kind: 'call-input', delta }];
}
