import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { SseFrame } from '../../../../kernel/sse-frame.ts';
import type { AnswerEvent, AnswerFault, AnswerUsage } from '../../../translation/answer-event.ts';
import { CallIds } from '../../../translation/call-id.ts';
import { brokenFault } from '../../../translation/faults/broken-answer.ts';
import { errorOfChoice } from '../../answer-failure.ts';
import { EndTold } from '../../common/ends/end-told.ts';
import { toldFault } from '../../../translation/faults/told-fault.ts';
import type { ModelTraits } from '../../../translation/model-traits.ts';
import type { ToolNames } from '../../../translation/tool-names.ts';
import type { TranslationReader } from '../../../translation/translation-codec.ts';
import { isText, objectAt, objectsIn, readEvent, textAt } from '../../common/read-event.ts';
import { OpenCalls } from './open-calls.ts';
import { signaturesOf } from './originals.ts';
import { chatUsage } from './read-end.ts';
import { SignedThoughts } from './signed/signed-thoughts.ts';

/** Reads a stream of the Chat Completions API as LiteLLM writes it. Of several choices, the first is read. */
export class ChatTranslationReader implements TranslationReader {
  readonly #calls: OpenCalls;
  /** Whose reasoning it is. */
  readonly #maker: string | undefined;
  #isBegun = false;
  #open: 'text' | 'reasoning' | undefined;
  /** Said between the pieces of a call, which it must not cut in two; it follows behind the calls. */
  readonly #held: { readonly kind: 'text' | 'reasoning'; readonly delta: string }[] = [];
  /** For the provider to get back. */
  #reasoning: string[] = [];
  #signed: JsonObject | undefined;
  readonly #thoughts: SignedThoughts;
  readonly #told = new EndTold();
  #usage: AnswerUsage | undefined;
  #hasRefused = false;
  #isOver = false;

  constructor(
    names: ToolNames,
    { maker, provider }: Pick<ModelTraits, 'maker' | 'provider'>,
    callIds = new CallIds([]),
  ) {
    this.#calls = new OpenCalls(names, callIds);
    this.#thoughts = new SignedThoughts(provider);
    this.#maker = maker;
  }

  read(frame: SseFrame): readonly AnswerEvent[] {
    if (this.#isOver) return [];
    if (frame.data?.trim() === '[DONE]') return this.finish();
    const chunk = readEvent(frame);
    return chunk === undefined ? [] : this.readChunk(chunk);
  }

  readChunk(chunk: JsonObject): readonly AnswerEvent[] {
    const { usage, error } = chunk;
    if (usage !== undefined && usage !== null) this.#usage = chatUsage(objectAt(chunk, 'usage'));
    if (error !== undefined && error !== null) return this.#failed(toldFault(error));
    const [choice] = objectsIn(chunk['choices']);
    const events = [...this.#begin(chunk), ...(choice === undefined ? [] : this.#choice(choice))];
    const ofChoice = errorOfChoice(choice);
    return ofChoice === undefined ? events : [...events, ...this.#failed(toldFault(ofChoice))];
  }

  finish(): readonly AnswerEvent[] {
    if (this.#isOver) return [];
    const end = this.#told.meant(this.#calls.count > 0);
    if (end === undefined)
      return this.#failed(brokenFault(this.#told.reason === undefined ? 'ended' : 'broken'));
    const calls = this.#calls.end(cuts.get(end.reason) ?? 'none');
    const closed = [...this.#close(), ...calls.events];
    if (!calls.areWhole) return [...closed, ...this.#failed(brokenFault('call'))];
    this.#isOver = true;
    return [
      ...closed,
      ...this.#saidBehind(),
      ...this.#signatures(),
      { kind: 'end', ...end, ...(this.#hasRefused ? { asSummary: 'filtered' } : {}), usage: this.#usage },
    ];
  }

  /** The end of an answer that is none, with all that was said in it. */
  #failed(failure: AnswerFault): readonly AnswerEvent[] {
    this.#isOver = true;
    const behind = this.#saidBehind();
    const cut: readonly AnswerEvent[] = behind.length > 0 && this.#calls.isOpen ? [{ kind: 'call-cut' }] : [];
    return [...cut, ...behind, { kind: 'failed', failure, usage: this.#usage }];
  }

  /** What was said between the pieces of calls. */
  #saidBehind(): readonly AnswerEvent[] {
    const held = this.#held.splice(0);
    return held.length === 0
      ? []
      : [...held.flatMap(({ kind, delta }) => this.#add(kind, delta)), ...this.#close()];
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
    const refusal = textAt(delta, 'refusal');
    this.#hasRefused ||= refusal !== '';
    const signatures = signaturesOf(delta['provider_specific_fields']);
    if (signatures !== undefined) this.#signed = { ...this.#signed, ...signatures };
    this.#thoughts.add(delta);
    const events = [
      ...this.#said('reasoning', textAt(delta, 'reasoning_content') || textAt(delta, 'reasoning')),
      ...this.#said('text', contentText(delta['content']) || refusal),
      ...this.#called(objectsIn(delta['tool_calls'])),
    ];
    // LiteLLM has it beside the message, and in a stream within the delta.
    const own = [choice, delta].map(nativeEndIn).find(isText);
    this.#told.tell(textAt(choice, 'finish_reason'), own);
    return events;
  }

  #said(kind: 'text' | 'reasoning', delta: string): readonly AnswerEvent[] {
    if (delta === '') return [];
    if (this.#calls.count === 0) return this.#add(kind, delta);
    this.#held.push({ kind, delta });
    return [];
  }

  #add(kind: 'text' | 'reasoning', delta: string): readonly AnswerEvent[] {
    const closing = this.#open === kind ? [] : this.#close();
    this.#open = kind;
    if (kind === 'reasoning') this.#reasoning.push(delta);
    return [...closing, { kind, delta }];
  }

  #called(pieces: readonly JsonObject[]): readonly AnswerEvent[] {
    const events = pieces.flatMap((piece) => this.#calls.add(piece));
    return events.length === 0 ? [] : [...this.#close(), ...events];
  }

  #close(): readonly AnswerEvent[] {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined) return [];
    return [open === 'text' ? { kind: 'text-end' } : this.#endReasoning()];
  }

  #endReasoning(): AnswerEvent {
    const block = { message: { reasoning_content: this.#reasoning.join('') }, calls: {} };
    this.#reasoning = [];
    return this.#original(block);
  }

  /** What came with calls and texts is known at the end. */
  #signatures(): readonly AnswerEvent[] {
    const message = {
      ...(this.#signed === undefined ? {} : { provider_specific_fields: this.#signed }),
      ...this.#thoughts.members(),
    };
    const calls = this.#calls.fields;
    const isNone = [message, calls].every((members) => Object.keys(members).length === 0);
    return isNone ? [] : [this.#original({ message, calls })];
  }

  #original(block: JsonObject): AnswerEvent {
    const original = { origin: 'openai-compatible', provider: this.#maker, blocks: [block] } as const;
    return { kind: 'reasoning-end', original };
  }
}

/** The provider's own word for the end, where LiteLLM put another in its place. */
function nativeEndIn(holder: JsonObject): string {
  return textAt(objectAt(holder, 'provider_specific_fields'), 'native_finish_reason');
}

/** A text, or parts: Mistral has both. */
function contentText(content: unknown): string {
  return typeof content === 'string'
    ? content
    : objectsIn(content)
        .map((part) => textAt(part, 'text'))
        .join('');
}

/** What each end that is not that of a whole answer says of the calls before it. */
const cuts: ReadonlyMap<string, 'unfinished' | 'all'> = new Map([
  ['limit', 'unfinished'],
  ['filtered', 'unfinished'],
  ['paused', 'unfinished'],
  ['unknown', 'all'],
]);
