import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { SseFrame } from '../../../../kernel/sse-frame.ts';
import type { AnswerEvent, EndReason } from '../../../translation/answer-event.ts';
import { CustomInput } from '../../../translation/custom-input.ts';
import { toldFault } from '../../../translation/told-fault.ts';
import type { ToolNames } from '../../../translation/tool-names.ts';
import type { TranslationReader } from '../../../translation/translation-codec.ts';
import { inputAt, objectAt, objectsIn, readEvent, textAt } from '../../common/read-event.ts';
import { chatUsage } from './read-end.ts';

interface OpenCall {
  readonly index: unknown;
  readonly callId: string;
  readonly custom: CustomInput | undefined;
}

/** LiteLLM writes Gemini's signature behind the id of a call as well, where it may be longer than any id may be. */
const signatureInId = /__thought__.*$/s;

/** Reads a stream of the Chat Completions API as LiteLLM writes it. Of several choices, the first is read. */
export class ChatTranslationReader implements TranslationReader {
  readonly #names: ToolNames;
  /** Whose reasoning it is, as LiteLLM names it. */
  readonly #provider: string | undefined;
  #isBegun = false;
  #open: 'text' | 'reasoning' | OpenCall | undefined;
  /** For the provider to get back. */
  #reasoning = '';
  #fields: JsonObject | undefined;
  readonly #callFields: Record<string, JsonObject> = {};
  #hasCalls = false;
  #reason: EndReason | undefined;
  #usage: JsonObject | undefined;
  #isOver = false;

  constructor(names: ToolNames, provider: string | undefined) {
    this.#names = names;
    this.#provider = provider;
  }

  read(frame: SseFrame): readonly AnswerEvent[] {
    if (this.#isOver) return [];
    if (frame.data?.trim() === '[DONE]') return this.finish();
    const chunk = readEvent(frame);
    if (chunk === undefined) return [];
    if (chunk['error'] !== undefined && chunk['error'] !== null) {
      this.#isOver = true;
      return [{ kind: 'failed', failure: toldFault(chunk['error']) }];
    }
    const { usage } = chunk;
    if (usage !== undefined && usage !== null) this.#usage = objectAt(chunk, 'usage');
    const [choice] = objectsIn(chunk['choices']);
    return [...this.#begin(chunk), ...(choice === undefined ? [] : this.#choice(choice))];
  }

  finish(): readonly AnswerEvent[] {
    if (this.#isOver) return [];
    this.#isOver = true;
    if (this.#reason === undefined) {
      const message = 'the stream of the provider ended before its answer did';
      return [{ kind: 'failed', failure: { kind: 'failed', message, retryAfterSeconds: undefined } }];
    }
    const reason = this.#hasCalls && this.#reason === 'stop' ? 'calls' : this.#reason;
    return [
      ...this.#close(),
      ...this.#signatures(),
      { kind: 'end', reason, usage: this.#usage === undefined ? undefined : chatUsage(this.#usage) },
    ];
  }

  #begin(chunk: JsonObject): readonly AnswerEvent[] {
    if (this.#isBegun) return [];
    this.#isBegun = true;
    return [
      { kind: 'begin', id: textAt(chunk, 'id') || undefined, model: textAt(chunk, 'model') || undefined },
    ];
  }

  #choice(choice: JsonObject): readonly AnswerEvent[] {
    const delta = objectAt(choice, 'delta');
    const { provider_specific_fields: fields } = delta;
    if (typeof fields === 'object' && fields !== null) this.#fields = { ...this.#fields, ...fields };
    const events = [
      ...this.#reasoned(textAt(delta, 'reasoning_content') || textAt(delta, 'reasoning')),
      ...this.#said(textAt(delta, 'content') || textAt(delta, 'refusal')),
      ...objectsIn(delta['tool_calls']).flatMap((call) => this.#called(call)),
    ];
    const reason = textAt(choice, 'finish_reason');
    if (reason !== '') this.#reason = reasons.get(reason) ?? 'stop';
    return events;
  }

  #reasoned(delta: string): readonly AnswerEvent[] {
    if (delta === '') return [];
    const closing = this.#open === 'reasoning' ? [] : this.#close();
    this.#open = 'reasoning';
    this.#reasoning += delta;
    return [...closing, { kind: 'reasoning', delta }];
  }

  #said(delta: string): readonly AnswerEvent[] {
    if (delta === '') return [];
    const closing = this.#open === 'text' ? [] : this.#close();
    this.#open = 'text';
    return [...closing, { kind: 'text', delta }];
  }

  #called(entry: JsonObject): readonly AnswerEvent[] {
    const called = objectAt(entry, 'function');
    const begin = this.#isNew(entry) ? this.#beginCall(entry, textAt(called, 'name')) : [];
    const call = typeof this.#open === 'object' ? this.#open : undefined;
    if (call === undefined) return begin;
    const { provider_specific_fields: fields } = entry;
    if (typeof fields === 'object' && fields !== null) this.#callFields[call.callId] = { ...fields };
    return [...begin, ...input(call, inputAt(called, 'arguments'))];
  }

  /** Some providers number all calls alike, and tell them apart by their ids. */
  #isNew(entry: JsonObject): boolean {
    if (typeof this.#open !== 'object') return true;
    const id = shortId(textAt(entry, 'id'));
    return entry['index'] !== this.#open.index || (id !== '' && id !== this.#open.callId);
  }

  #beginCall(entry: JsonObject, named: string): readonly AnswerEvent[] {
    const closing = this.#close();
    const tool = this.#names.toolOf(named);
    const callId = shortId(textAt(entry, 'id'));
    this.#open = {
      index: entry['index'],
      callId,
      custom: tool.kind === 'custom' ? new CustomInput() : undefined,
    };
    this.#hasCalls = true;
    const { kind, namespace, name } = tool;
    return [...closing, { kind: 'call-begin', callKind: kind, namespace, name, callId }];
  }

  #close(): readonly AnswerEvent[] {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined) return [];
    if (open === 'text') return [{ kind: 'text-end' }];
    if (open === 'reasoning') return [this.#endReasoning()];
    const rest = open.custom?.end() ?? '';
    return [...(rest === '' ? [] : [{ kind: 'call-input', delta: rest } as const]), { kind: 'call-end' }];
  }

  #endReasoning(): AnswerEvent {
    const block = { message: { reasoning_content: this.#reasoning }, calls: {} };
    this.#reasoning = '';
    return this.#original(block);
  }

  /** What came with calls and texts is known at the end. */
  #signatures(): readonly AnswerEvent[] {
    const hasFields = this.#fields !== undefined && Object.keys(this.#fields).length > 0;
    if (!hasFields && Object.keys(this.#callFields).length === 0) return [];
    const block = {
      message: hasFields ? { provider_specific_fields: this.#fields } : {},
      calls: this.#callFields,
    };
    return [this.#original(block)];
  }

  #original(block: JsonObject): AnswerEvent {
    const original = { origin: 'openai-compatible', provider: this.#provider, blocks: [block] } as const;
    return { kind: 'reasoning-end', original };
  }
}

function shortId(id: string): string {
  return id.replace(signatureInId, '');
}

function input(call: OpenCall, json: string): readonly AnswerEvent[] {
  const delta = call.custom === undefined ? json : call.custom.add(json);
  return delta === '' ? [] : [{ kind: 'call-input', delta }];
}

const reasons: ReadonlyMap<string, EndReason> = new Map([
  ['tool_calls', 'calls'],
  ['function_call', 'calls'],
  ['length', 'limit'],
  ['content_filter', 'filtered'],
]);
