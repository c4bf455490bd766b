import { addAll } from '../../kernel/bounds/add-all.ts';
import type { ErrorCode } from '../../kernel/errors.ts';
import { objectIn, type JsonObject } from '../../kernel/json-object.ts';
import type { AnswerEvent, AnswerUsage } from '../translation/answer-event.ts';
import { brokenFault } from '../translation/faults/broken-answer.ts';
import type { CallIds } from '../translation/call-id.ts';
import { CallInput } from '../translation/inputs/call-input.ts';
import type { ToolNames } from '../translation/tool-names.ts';
import { AskedCalls, type AskedCall } from './asked-calls.ts';
import { cutReason, turnFault } from './turn-fault.ts';
import { TurnUsage } from './turn-usage.ts';

export interface TurnReaderOptions {
  readonly names: ToolNames;
  readonly callIds: CallIds;
  /** The names under which tools of the client are offered. */
  readonly offered: ReadonlySet<string>;
  /** Whether the client takes several calls in one answer. */
  readonly takesSeveral: boolean;
}

/** What brings a piece of what the model says or thinks. */
const pieces: Readonly<Record<string, 'text' | 'reasoning'>> = {
  'item/agentMessage/delta': 'text',
  'item/reasoning/summaryTextDelta': 'reasoning',
  'item/reasoning/textDelta': 'reasoning',
};

/** Between two messages of one answer: clients join them. */
const betweenMessages = '\n\n';

/**
 * Reads what Codex tells of one turn (notifications of `codex app-server`, measured with Codex 0.171) as the pieces of one
 * answer. A turn in which the model calls a tool of the client ends there: the client runs it and asks again. What Codex runs
 * itself is no part of the answer, but for the tokens that it took.
 */
export class TurnReader {
  readonly #options: TurnReaderOptions;
  readonly #calls = new AskedCalls();
  #open: { readonly kind: 'text' | 'reasoning'; readonly id: string } | undefined;
  /** How much of a message or thought came in pieces, by its id: another one may come in its midst. */
  readonly #pieces = new Map<string, number>();
  /** Items that Codex told the beginning of, and not yet the end. */
  readonly #started = new Set<unknown>();
  #hasSaid = false;
  #isBegun = false;
  #isOver = false;
  /** Codex's name of the turn, once it told that. */
  #turnId: string | undefined;
  /** Whether the model's response of this round has ended, so that no further call can come of it. */
  #hasResponded = false;
  readonly #used = new TurnUsage();

  constructor(options: TurnReaderOptions) {
    this.#options = options;
  }

  /** Whether the answer has ended; what is told of the turn from then on says nothing. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Of all calls of models that have ended; `undefined` where no provider told it. */
  get usage(): AnswerUsage | undefined {
    return this.#used.told;
  }

  /** Whether the model waits for a tool of the client and will say nothing before it. */
  get waitsForCalls(): boolean {
    return !this.#isOver && this.#hasResponded && this.#calls.areWaitedFor;
  }

  /** What this is the answer of, as the answer to `turn/start` and `turn/started` name it. */
  noteTurn(turn: unknown): void {
    const { id } = objectIn(turn);
    if (typeof id === 'string') this.#turnId ??= id;
  }

  /** Whether it is told of this turn. What was injected is told as well, as that of another turn, also when this has begun. */
  concerns(params: JsonObject): boolean {
    const turnId = params['turnId'] ?? objectIn(params['turn'])['id'];
    return this.#turnId !== undefined && turnId === this.#turnId;
  }

  /** What is told of another turn says nothing. */
  read(method: string, params: JsonObject): readonly AnswerEvent[] {
    if (!this.concerns(params)) return [];
    this.#used.read(method, params);
    return this.#isOver ? [] : this.#readOwn(method, params);
  }

  /** The same where nobody waits for the answer any more: what the turn used counts all the same. */
  readUsage(method: string, params: JsonObject): void {
    if (this.concerns(params)) this.#used.read(method, params);
  }

  /** A tool of the client is called (`item/tool/call`); given once `endWithCalls` is asked, or its response has ended. */
  noteToolCall(params: JsonObject): void {
    const { callId, tool, arguments: input } = params;
    if (!this.concerns(params)) return;
    if (typeof callId !== 'string' || typeof tool !== 'string') return;
    this.#calls.leave({ id: callId, name: tool, input: JSON.stringify(input ?? {}) });
  }

  /** Ends the answer with the calls that the model waits for; with a failure where one of them is not whole. */
  endWithCalls(): readonly AnswerEvent[] {
    if (!this.waitsForCalls) return [];
    const calls = this.#calls.inOrder().slice(0, this.#options.takesSeveral ? undefined : 1);
    const given = calls.map((call) => this.#given(call));
    const usage = this.usage;
    const end = given.includes(undefined)
      ? this.#end({ kind: 'failed', failure: brokenFault('call'), usage })
      : [...given.flatMap((events = []) => events), ...this.#end({ kind: 'end', reason: 'calls', usage })];
    return [...this.#begin(), ...this.#close(), ...end];
  }

  /** Ends the answer here, whatever the model would say behind it. */
  stop(): readonly AnswerEvent[] {
    if (this.#isOver) return [];
    return [...this.#close(), ...this.#end({ kind: 'end', reason: 'stop', usage: this.usage })];
  }

  /** Ends the answer with a failure. `code`: that of an error for which it was given up. */
  fail(message: string, code?: ErrorCode): readonly AnswerEvent[] {
    if (this.#isOver) return [];
    const told = code === undefined ? {} : { code };
    const failure = { kind: 'failed', ...told, message, retryAfterSeconds: undefined } as const;
    return [...this.#close(), ...this.#end({ kind: 'failed', failure, usage: this.usage })];
  }

  #readOwn(method: string, params: JsonObject): readonly AnswerEvent[] {
    const piece = pieces[method];
    if (piece !== undefined) return this.#piece(piece, params['itemId'], params['delta']);
    const item = objectIn(params['item']);
    switch (method) {
      case 'item/reasoning/summaryPartAdded':
        return this.#open?.kind === 'reasoning'
          ? this.#piece('reasoning', this.#open.id, betweenMessages)
          : [];
      case 'item/started':
        this.#noteStarted(item);
        return [];
      case 'item/completed':
        return this.#completed(item);
      case 'rawResponseItem/completed':
        this.#noteCall(item);
        return [];
      case 'rawResponse/completed':
        this.#hasResponded = true;
        return this.endWithCalls();
      case 'turn/completed':
        return this.#ended(objectIn(params['turn']));
      default:
        return [];
    }
  }

  #noteStarted(item: JsonObject): void {
    this.#hasResponded = this.#hasResponded && !isSaid(item);
    if (isSaid(item)) this.#started.add(item['id']);
    if (item['type'] !== 'dynamicToolCall' && typeof item['id'] === 'string') this.#calls.take(item['id']);
  }

  #begin(): readonly AnswerEvent[] {
    if (this.#isBegun) return [];
    this.#isBegun = true;
    return [{ kind: 'begin', id: undefined, model: undefined }];
  }

  #end(event: Extract<AnswerEvent, { readonly kind: 'end' | 'failed' }>): readonly AnswerEvent[] {
    this.#isOver = true;
    return [event];
  }

  #piece(kind: 'text' | 'reasoning', id: unknown, delta: unknown): readonly AnswerEvent[] {
    if (typeof id !== 'string' || typeof delta !== 'string' || delta === '') return [];
    const begun: AnswerEvent[] = [...this.#begin()];
    if (this.#open?.kind !== kind || this.#open.id !== id) {
      addAll(begun, this.#close());
      this.#open = { kind, id };
      if (kind === 'text' && this.#hasSaid) begun.push({ kind: 'text', delta: betweenMessages });
      this.#hasSaid ||= kind === 'text';
    }
    this.#pieces.set(id, (this.#pieces.get(id) ?? 0) + delta.length);
    return [...begun, { kind, delta }];
  }

  /** A message or thought with all of its text: what came in no piece is given here. */
  #completed({ type, id, text, summary }: JsonObject): readonly AnswerEvent[] {
    if (type === 'agentMessage') return this.#whole('text', id, text);
    if (type !== 'reasoning') return [];
    const parts = Array.isArray(summary)
      ? (summary as unknown[]).filter((part) => typeof part === 'string')
      : [];
    return this.#whole('reasoning', id, parts.join('\n\n'));
  }

  #whole(kind: 'text' | 'reasoning', ownId: unknown, text: unknown): readonly AnswerEvent[] {
    if (typeof text !== 'string') return [];
    const hasBegun = this.#started.delete(ownId);
    // Some providers give an item another id at its end: what is open is that item, where no other began.
    const id = !hasBegun && this.#open?.kind === kind ? this.#open.id : ownId;
    this.#started.delete(id);
    const given = typeof id === 'string' ? (this.#pieces.get(id) ?? 0) : 0;
    const rest = this.#piece(kind, id, text.slice(given));
    return this.#open?.id === id ? [...rest, ...this.#close()] : rest;
  }

  #close(): readonly AnswerEvent[] {
    const { kind } = this.#open ?? {};
    this.#open = undefined;
    if (kind === undefined) return [];
    return kind === 'text' ? [{ kind: 'text-end' }] : [{ kind: 'reasoning-end', original: undefined }];
  }

  #noteCall({ type, call_id: id, name, namespace, arguments: input }: JsonObject): void {
    if (typeof id !== 'string') return;
    if (type === 'function_call_output') this.#calls.take(id);
    if (type !== 'function_call' || typeof name !== 'string') return;
    // Tools of clients are in no group of Codex's.
    if (typeof namespace === 'string') return;
    if (!this.#options.offered.has(name) || typeof input !== 'string') return;
    this.#calls.ask({ id, name, input });
  }

  #ended({ status, error }: JsonObject): readonly AnswerEvent[] {
    const begun = [...this.#begin(), ...this.#close()];
    if (status === 'completed')
      return [...begun, ...this.#end({ kind: 'end', reason: 'stop', usage: this.usage })];
    const cut = cutReason(objectIn(error));
    if (cut !== undefined) return [...begun, ...this.#end({ kind: 'end', reason: cut, usage: this.usage })];
    const failure = turnFault(objectIn(error), status === 'interrupted');
    return [...begun, ...this.#end({ kind: 'failed', failure, usage: this.usage })];
  }

  /** What the client gets of a call; `undefined` for one that is not whole, which nobody must run. */
  #given({ id, name, input }: AskedCall): readonly AnswerEvent[] | undefined {
    const { names, callIds } = this.#options;
    const { kind: callKind, namespace, name: toolName } = names.toolOf(name);
    const read = new CallInput(callKind === 'custom');
    const first = read.add(input);
    const rest = read.end(false);
    if (rest === undefined) return undefined;
    return [
      { kind: 'call-begin', callKind, callId: callIds.next(id), namespace, name: toolName },
      ...[first, rest]
        .filter((delta) => delta !== '')
        .map((delta) => ({ kind: 'call-input', delta }) as const),
      { kind: 'call-end', isObject: read.isObject() },
    ];
  }
}

function isSaid({ type }: JsonObject): boolean {
  return type === 'agentMessage' || type === 'reasoning';
}
