import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { AnswerEvent, CallBegin } from '../../../translation/answer-event.ts';
import { CallInput } from '../../../translation/call-input.ts';
import type { ToolNames } from '../../../translation/tool-names.ts';
import { newId } from '../../common/new-id.ts';
import { inputAt, objectAt, textAt } from '../../common/read-event.ts';
import { geminisFields } from './as-provider-takes.ts';
import { signaturesOf } from './originals.ts';

interface OpenCall {
  /** As the provider gave it; some give none. */
  readonly givenId: string;
  readonly begin: CallBegin;
  readonly input: CallInput;
  /** What the client gets of it once the calls before it have ended. */
  readonly waiting: string[];
}

/** LiteLLM writes Gemini's signature behind the id of a call as well, where it may be longer than any id may be. */
const signatureInId = /__thought__.*$/s;

/**
 * The calls of an answer, whose pieces may come in turns. The first one is given as it is written; those behind it wait
 * for its end.
 */
export class OpenCalls {
  /** What providers want back with their calls, by the ids of the calls. */
  readonly fields: Record<string, JsonObject> = {};
  readonly #names: ToolNames;
  /** Those that have not ended, in their order. */
  readonly #open: OpenCall[] = [];
  readonly #byIndex = new Map<unknown, OpenCall>();
  readonly #byId = new Map<string, OpenCall>();
  #count = 0;

  constructor(names: ToolNames) {
    this.#names = names;
  }

  /** How many there were until now. */
  get count(): number {
    return this.#count;
  }

  /** The next piece. One that belongs to no call says nothing. */
  add(piece: JsonObject): readonly AnswerEvent[] {
    const called = objectAt(piece, 'function');
    const givenId = textAt(piece, 'id').replace(signatureInId, '');
    const known = this.#known(piece['index'], givenId);
    const name = textAt(called, 'name');
    if (known === undefined && givenId === '' && name === '') return [];
    const begun = known === undefined ? this.#begin(givenId, name) : [];
    const call = known ?? this.#open.at(-1);
    if (call === undefined) return [];
    this.#byIndex.set(piece['index'], call);
    const signatures = signaturesOf(piece['provider_specific_fields']) ?? geminisFields(piece);
    if (signatures !== undefined) this.fields[call.begin.callId] = signatures;
    return [...begun, ...this.#input(call, inputAt(called, 'arguments'))];
  }

  /** The rest of all. `isCut`: the output limit ended the answer, so that the last one may be unfinished. */
  end(isCut: boolean): { readonly events: readonly AnswerEvent[]; readonly areWhole: boolean } {
    const events: AnswerEvent[] = [];
    while (this.#open.length > 0) {
      const ended = this.#endFirst(isCut && this.#open.length === 1);
      if (ended === undefined) return { events, areWhole: false };
      events.push(...ended);
    }
    return { events, areWhole: true };
  }

  /** Some providers number all calls alike, and tell them apart by their ids. */
  #known(index: unknown, givenId: string): OpenCall | undefined {
    if (givenId === '') return this.#byIndex.get(index);
    const known = this.#byId.get(givenId) ?? this.#byIndex.get(index);
    return known === undefined || known.givenId === givenId ? known : undefined;
  }

  #begin(givenId: string, named: string): readonly AnswerEvent[] {
    const { kind: callKind, namespace, name } = this.#names.toolOf(named);
    const callId = givenId === '' ? newId('call') : givenId;
    const begin = { kind: 'call-begin', callKind, namespace, name, callId } as const;
    const call = { givenId, begin, input: new CallInput(callKind === 'custom'), waiting: [] };
    this.#count += 1;
    this.#open.push(call);
    if (givenId !== '') this.#byId.set(givenId, call);
    if (this.#open.length === 1) return [begin];
    const events: AnswerEvent[] = [];
    // What is whole waits for nothing, so that the next one is given as it is written.
    while (this.#open.length > 1 && this.#open[0]?.input.isWhole() === true) {
      const ended = this.#endFirst(false);
      if (ended === undefined) break;
      events.push(...ended);
    }
    return events;
  }

  #input(call: OpenCall, json: string): readonly AnswerEvent[] {
    const delta = call.input.add(json);
    if (this.#open[0] === call) return inputEvents(delta);
    if (delta !== '') call.waiting.push(delta);
    return [];
  }

  /** The end of the first one and the begin of the next; `undefined` where it is not whole. */
  #endFirst(isCut: boolean): readonly AnswerEvent[] | undefined {
    const [first, next] = this.#open;
    const rest = first?.input.end(isCut);
    if (rest === undefined) return undefined;
    this.#open.shift();
    const begun = next === undefined ? [] : [next.begin, ...inputEvents(next.waiting.join(''))];
    return [...inputEvents(rest), { kind: 'call-end' }, ...begun];
  }
}

function inputEvents(delta: string): readonly AnswerEvent[] {
  return delta === '' ? [] : [{ kind: 'call-input', delta }];
}
