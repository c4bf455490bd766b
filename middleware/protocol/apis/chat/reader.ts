import { CodexPlusError } from '../../../kernel/errors.ts';
import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import type { SseFrame } from '../../../kernel/sse-frame.ts';
import { holdsNone } from '../common/holds-none.ts';
import { chatCall, chatItems, refuseTwoKinds } from './calls.ts';
import { ChatMessageBuilder } from './message-builder.ts';
import { hasFailed } from '../answer-failure.ts';
import { NameGate } from './name-gate.ts';
import { eventFrame, objectAt, objectsIn, readHeldEvent, textAt } from '../common/read-event.ts';
import type { EndPart, Ending, Holds, StreamPart, RoundItem, RoundReader } from '../round.ts';
import type { CallHead } from '../tool-call.ts';
import { unreadable } from '../common/unreadable.ts';
import { withoutMember } from '../../json/without-member.ts';

/**
 * Reads a stream of the Chat Completions API. No chunk says that a call is complete: the reason why the answer
 * ended does, for all of them. A chunk that says more than a held call is taken apart.
 */
export class ChatReader implements RoundReader {
  readonly #holds: Holds;
  readonly #builder = new ChatMessageBuilder();
  readonly #gate: NameGate;
  /** What of the calls came that cannot be checked: those of other choices, and the one of a deprecated kind. */
  readonly #uncheckedNames = new Map<string, string>();
  /** The key of the call that each index stands for at the moment. */
  readonly #keys = new Map<number, string>();
  /** The numbers that the client gets, by the keys of the calls: no two calls have the same. */
  readonly #numbers = new Map<string, number>();
  readonly #given = new Set<number>();
  #nextNumber = 0;
  #usage: JsonObject | undefined;
  #isComplete = false;
  #hasOthers = false;

  constructor(holds: Holds) {
    this.#holds = holds;
    this.#gate = new NameGate(holds);
  }

  read(frame: SseFrame): readonly StreamPart[] {
    if (frame.data === '[DONE]') {
      // Of several answers at once none is the one that a conversation could go on from.
      return [...this.#completed(), endOf(frame, undefined, this.#hasOthers ? 'partial' : 'complete', true)];
    }
    const event = readHeldEvent(frame, this.#holds);
    if (event === undefined) return [{ kind: 'other', frame, event }];
    const choices = objectsIn(event['choices']);
    const isFailed = hasFailed(event);
    this.#refuseUnread(choices, isFailed);
    if (isFailed) return [endOf(frame, event, 'failed', true)];
    if (isJsonObject(event['usage'])) this.#usage = event['usage'];
    const [choice] = choices;
    if (choice === undefined) {
      // The usage comes after the end; other chunks without a choice come before the beginning.
      return [this.#isComplete ? endOf(frame, event, 'complete', false) : { kind: 'other', frame, event }];
    }
    if (choices.length > 1 || (choice['index'] ?? 0) !== 0) return this.#otherChoice(frame, event, choices);
    return this.#chunk(frame, event, choice);
  }

  items(): readonly RoundItem[] {
    const [message] = chatItems(this.#builder.message());
    const calls = this.#builder.callKeys().map((key) => {
      const item = this.#builder.call(key);
      return { key, item, call: chatCall(item) };
    });
    return message === undefined ? calls : [{ key: 'message', item: message, call: undefined }, ...calls];
  }

  usage(): JsonObject | undefined {
    return this.#usage;
  }

  chainId(): undefined {
    return undefined;
  }

  #chunk(frame: SseFrame, event: JsonObject, choice: JsonObject): readonly StreamPart[] {
    const delta = objectAt(choice, 'delta');
    this.#builder.add(delta);
    const calls = objectsIn(delta['tool_calls']).map((call) => this.#take(call));
    this.#refuseDeprecated(choice);
    const { finish_reason: finish } = choice;
    const reason = typeof finish === 'string' ? finish : undefined;
    const completed = reason === undefined ? [] : this.#completed();
    const isTouched =
      calls.some(({ isHeld, freed, isRenumbered }) => isHeld || isRenumbered || freed !== undefined) ||
      completed.length > 0;
    if (isTouched) return takenApart({ frame, event, choice, calls, completed, reason });
    return [reason === undefined ? plain(frame, event, delta) : endOf(frame, event, endingOf(reason), false)];
  }

  /** Files a piece of a call. One that begins with another id at a known index is another call. */
  #take(call: JsonObject): CallPiece {
    const index = this.#indexOf(call);
    const known = this.#keys.get(index);
    const id = textAt(call, 'id');
    const isSame = known !== undefined && (id === '' || id === this.#builder.begun(known)['id']);
    const key = isSame ? known : known === undefined ? String(index) : `${index} ${id}`;
    this.#keys.set(index, key);
    const isNew = known !== key;
    const number = this.#numberOf(key, index);
    const isRenumbered = number !== call['index'] && this.#holds !== holdsNone;
    const piece = { call: isRenumbered ? { ...call, index: number } : call, key, isRenumbered };
    const before = isNew ? undefined : chatCall(this.#builder.begun(key));
    this.#builder.addCall(key, call);
    const item = this.#builder.begun(key);
    refuseTwoKinds(item, this.#holds);
    const whole = chatCall(item);
    if (whole === undefined) return { ...piece, isHeld: false, freed: undefined };
    return { ...piece, ...this.#gate.take(key, { before, whole, piece: chatCall(call)?.name ?? '' }) };
  }

  /** Some providers do not number calls. What is no number is one for some clients. */
  #indexOf({ index = 0 }: JsonObject): number {
    if (typeof index === 'number' && Number.isSafeInteger(index) && index >= 0) return index;
    if (index !== null && this.#holds !== holdsNone)
      throw unreadable('a tool call is numbered by what is no number');
    return 0;
  }

  /** Some providers give all calls the same number, and clients put those together to one. */
  #numberOf(key: string, index: number): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#given.has(index) ? this.#nextNumber : index;
    this.#given.add(number);
    this.#nextNumber = Math.max(this.#nextNumber, number + 1);
    this.#numbers.set(key, number);
    return number;
  }

  #completed(): readonly StreamPart[] {
    if (this.#isComplete) return [];
    this.#isComplete = true;
    return this.#gate.complete((key) => chatCall(this.#builder.call(key)));
  }

  /** A call has its place in a delta of an answer that goes on. Where else it stands, some clients take it from there. */
  #refuseUnread(choices: readonly JsonObject[], isFailed: boolean): void {
    if (this.#holds === holdsNone) return;
    if (isFailed && choices.some((choice) => isCalling(objectAt(choice, 'delta'))))
      throw unreadable('it fails and calls a tool at once');
    if (choices.some((choice) => isCalling(objectAt(choice, 'message'))))
      throw unreadable('a part of its stream is a whole message with a tool call');
  }

  /** With several answers at once there is no telling which of them a refusal would be for. */
  #otherChoice(frame: SseFrame, event: JsonObject, choices: readonly JsonObject[]): readonly StreamPart[] {
    this.#hasOthers = true;
    const concerns = choices.some((choice) => {
      this.#refuseDeprecated(choice);
      return objectsIn(objectAt(choice, 'delta')['tool_calls']).some((call) =>
        this.#concernsUnchecked(`${String(choice['index'])} ${String(call['index'])}`, chatCall(call)),
      );
    });
    if (this.#gate.holdsSome || concerns) {
      throw new CodexPlusError(
        'invalid_body',
        'tool calls cannot be checked in an answer with several choices',
      );
    }
    return [{ kind: 'other', frame, event }];
  }

  #refuseDeprecated(choice: JsonObject): void {
    const called = objectAt(choice, 'delta')['function_call'];
    if (!isJsonObject(called)) return;
    const name = textAt(called, 'name');
    const head = { kind: 'function', name, namespace: undefined } as const;
    if (!this.#concernsUnchecked(`function ${String(choice['index'])}`, head)) return;
    throw new CodexPlusError(
      'invalid_body',
      `the call of "${name}" cannot be checked: use tools in place of functions`,
    );
  }

  /** Whether a piece of a call makes its name one that is decided about, as far as it has come or by itself. */
  #concernsUnchecked(key: string, head: CallHead | undefined): boolean {
    if (head === undefined || head.name === '') return false;
    const name = (this.#uncheckedNames.get(key) ?? '') + head.name;
    this.#uncheckedNames.set(key, name);
    return this.#holds(head) || this.#holds({ ...head, name });
  }
}

/** Whether a message, or a part of one, has something of a call in it. */
function isCalling({ tool_calls: calls, function_call: called }: JsonObject): boolean {
  return isJsonObject(called) || objectsIn(calls).length > 0;
}

function plain(frame: SseFrame, event: JsonObject, delta: JsonObject): StreamPart {
  return { kind: isEmpty(delta) ? 'opening' : 'other', frame, event };
}

/** Whether a delta says nothing but whose message it is. */
function isEmpty(delta: JsonObject): boolean {
  return Object.entries(delta).every(([key, value]) => key === 'role' || value === null || value === '');
}

/** A piece of a call in a chunk. */
interface CallPiece {
  readonly call: JsonObject;
  readonly key: string;
  /** Whether it has another number than the provider gave it. */
  readonly isRenumbered: boolean;
  readonly isHeld: boolean;
  /** Says that what was held of the call until now may go. */
  readonly freed: StreamPart | undefined;
}

interface TakenChunk {
  readonly frame: SseFrame;
  readonly event: JsonObject;
  readonly choice: JsonObject;
  readonly calls: readonly CallPiece[];
  readonly completed: readonly StreamPart[];
  readonly reason: string | undefined;
}

/** A chunk that has to do with held calls, one piece for each thing that it says; itself where it says only one. */
function takenApart(chunk: TakenChunk): readonly StreamPart[] {
  const { frame, event, choice, calls, completed, reason } = chunk;
  const rest = withoutMember(objectAt(choice, 'delta'), 'tool_calls');
  const [first] = calls;
  if (isEmpty(rest) && first === undefined && reason !== undefined) {
    return [...completed, endOf(frame, event, endingOf(reason), false)];
  }
  const isWhole = isEmpty(rest) && calls.length === 1 && reason === undefined;
  if (isWhole && first?.isRenumbered === false) return piecesOf(first, { frame, event });
  const part = (delta: JsonObject, why?: string): ChunkPart => {
    const said = { ...event, choices: [{ ...choice, delta, finish_reason: why ?? null }] };
    return { frame: eventFrame(said, frame.event), event: said };
  };
  return [
    ...(isEmpty(rest) ? [] : [{ kind: 'other', ...part(rest) } as const]),
    ...calls.flatMap((taken) => piecesOf(taken, part({ tool_calls: [taken.call] }))),
    ...completed,
    ...(reason === undefined ? [] : [endPart(part({}, reason), endingOf(reason))]),
  ];
}

function piecesOf({ key, isHeld, freed }: CallPiece, own: ChunkPart): readonly StreamPart[] {
  if (isHeld) return [{ kind: 'held', key, ...own }];
  return [...(freed === undefined ? [] : [freed]), { kind: 'other', ...own }];
}

interface ChunkPart {
  readonly frame: SseFrame;
  readonly event: JsonObject;
}

function endPart({ frame, event }: ChunkPart, ending: Ending): EndPart {
  return endOf(frame, event, ending, false);
}

function endOf(frame: SseFrame, event: JsonObject | undefined, ending: Ending, isLast: boolean): EndPart {
  return { kind: 'end', frame, event, ending, isLast };
}

function endingOf(reason: string): Ending {
  return reason === 'length' || reason === 'content_filter' ? 'partial' : 'complete';
}
