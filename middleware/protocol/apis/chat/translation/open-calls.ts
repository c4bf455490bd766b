import { addAll } from '../../../../kernel/bounds/add-all.ts';
import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { AnswerEvent, CallBegin } from '../../../translation/answer-event.ts';
import { isTakenEverywhere, type CallIds } from '../../../translation/call-id.ts';
import { CallInput } from '../../../translation/inputs/call-input.ts';
import type { ToolNames } from '../../../translation/tool-names.ts';
import { newId } from '../../common/new-id.ts';
import { inputAt, objectAt, textAt } from '../../common/read-event.ts';
import { geminisFields } from './as-provider-takes.ts';
import { signaturesOf } from './originals.ts';

interface OpenCall {
  /** As the provider gave it; some give none. */
  readonly givenId: string;
  /** Its number among the calls, as the provider gave it. */
  readonly index: unknown;
  readonly begin: CallBegin;
  readonly input: CallInput;
  /** What the client gets of it once the calls before it have ended. */
  readonly waiting: string[];
  hasEnded: boolean;
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
  readonly #callIds: CallIds;
  /** All, in their order; those before the first that is open have ended. */
  readonly #all: OpenCall[] = [];
  #first = 0;
  readonly #byIndex = new Map<unknown, OpenCall>();
  readonly #byId = new Map<string, OpenCall>();
  /** Whether one got more behind its end: nobody knows which of the two inputs is meant. */
  #hasTwoInputs = false;

  constructor(names: ToolNames, callIds: CallIds) {
    this.#names = names;
    this.#callIds = callIds;
  }

  /** How many there were until now. */
  get count(): number {
    return this.#all.length;
  }

  /** The next piece. One that belongs to no call says nothing. */
  add(piece: JsonObject): readonly AnswerEvent[] {
    const called = objectAt(piece, 'function');
    const givenId = textAt(piece, 'id').replace(signatureInId, '');
    const { index } = piece;
    const name = textAt(called, 'name');
    const known = this.#known(index, givenId, name);
    if (known === undefined && givenId === '' && name === '') return [];
    const begun = known === undefined ? this.#begin(givenId, name, index) : [];
    const call = known ?? this.#all.at(-1);
    if (call === undefined) return [];
    this.#byIndex.set(index, call);
    const signatures = signaturesOf(piece['provider_specific_fields']) ?? geminisFields(piece);
    if (signatures !== undefined) this.#keep(call.begin.callId, signatures);
    return [...begun, ...this.#input(call, inputAt(called, 'arguments'))];
  }

  /**
   * The rest of all. `cut`: the answer was cut off, so that each whose JSON is not whole may be unfinished, as their pieces come in
   * turns; or, `all`, nobody knows whether it was: no end of a call shows but that of the answer. `areWhole`: whether all are
   * that have to be; none is that has two inputs, whether they stand together or another call between them.
   */
  end(cut: 'none' | 'unfinished' | 'all'): {
    readonly events: readonly AnswerEvent[];
    readonly areWhole: boolean;
  } {
    const events: AnswerEvent[] = [];
    while (this.#first < this.#all.length) {
      const ended = cut === 'all' ? undefined : this.#endFirst(cut !== 'none');
      if (ended === undefined && cut === 'none') return { events, areWhole: false };
      addAll(events, ended ?? this.#next([{ kind: 'call-cut' }]));
    }
    return { events, areWhole: !this.#hasTwoInputs };
  }

  /** Whether the client sees a call that has not ended. */
  get isOpen(): boolean {
    return this.#first < this.#all.length;
  }

  /**
   * The call that a piece belongs to. Some providers number all calls alike, and tell them apart by their ids; others give
   * several the same id, and tell them apart by their numbers.
   */
  #known(index: unknown, givenId: string, name: string): OpenCall | undefined {
    const numbered = this.#byIndex.get(index);
    if (givenId === '' || numbered?.givenId === givenId) return numbered;
    const named = this.#byId.get(givenId);
    return name !== '' && named?.index !== index ? undefined : named;
  }

  #begin(givenId: string, named: string, index: unknown): readonly AnswerEvent[] {
    const { kind: callKind, namespace, name } = this.#names.toolOf(named);
    const callId = this.#callIds.next(givenId === '' ? newId('call') : givenId);
    // Models that were trained with ids of a form (`functions.read:0`) go by it.
    if (givenId !== '' && !isTakenEverywhere(givenId)) this.#keep(callId, { id: givenId });
    const begin = { kind: 'call-begin', callKind, namespace, name, callId } as const;
    const input = new CallInput(callKind === 'custom');
    const call: OpenCall = { givenId, index, begin, input, waiting: [], hasEnded: false };
    this.#all.push(call);
    if (givenId !== '') this.#byId.set(givenId, call);
    if (this.#first === this.#all.length - 1) return [begin];
    const events: AnswerEvent[] = [];
    // What is whole waits for nothing, so that the next one is given as it is written.
    while (this.#first < this.#all.length - 1 && this.#all[this.#first]?.input.isWhole() === true) {
      const ended = this.#endFirst(false);
      if (ended === undefined) break;
      addAll(events, ended);
    }
    return events;
  }

  #keep(callId: string, fields: JsonObject): void {
    this.fields[callId] = { ...this.fields[callId], ...fields };
  }

  #input(call: OpenCall, json: string): readonly AnswerEvent[] {
    if (call.hasEnded) {
      this.#hasTwoInputs ||= json.trim() !== '';
      return [];
    }
    const delta = call.input.add(json);
    if (this.#all[this.#first] === call) return inputEvents(delta);
    if (delta !== '') call.waiting.push(delta);
    return [];
  }

  /** The end of the first one and the begin of the next; `undefined` where it is not whole. */
  #endFirst(isCut: boolean): readonly AnswerEvent[] | undefined {
    const input = this.#all[this.#first]?.input;
    const rest = input?.end(isCut);
    if (input === undefined || rest === undefined) return undefined;
    return this.#next([...inputEvents(rest), { kind: 'call-end', isObject: input.isObject() }]);
  }

  #next(ended: readonly AnswerEvent[]): readonly AnswerEvent[] {
    const before = this.#all[this.#first];
    if (before !== undefined) before.hasEnded = true;
    this.#first += 1;
    const next = this.#all[this.#first];
    return next === undefined ? ended : [...ended, next.begin, ...inputEvents(next.waiting.join(''))];
  }
}

function inputEvents(delta: string): readonly AnswerEvent[] {
  return delta === '' ? [] : [{ kind: 'call-input', delta }];
}
