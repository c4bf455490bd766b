import type { AnswerEvent, CallEvent } from '../../middleware/protocol/translation/answer-event.ts';

interface ToldCall {
  readonly isCustom: boolean;
  readonly isObject: boolean;
  readonly input: string;
}

type Part = 'text' | 'reasoning' | 'call';

/** What the events of an answer tell. Throws where parts overlap, where one has no end, and where something stands behind the end. */
export class ToldByEvents {
  texts = '';
  readonly calls: ToldCall[] = [];
  /** `end`: it did not fail. */
  last: AnswerEvent['kind'] | undefined;
  #open: Part | undefined;
  #input = '';
  #isCustom = false;

  constructor(events: readonly AnswerEvent[]) {
    for (const event of events) this.#add(event);
    if (!this.#isOver()) throw new Error('there is no end');
  }

  #isOver(): boolean {
    return this.last === 'end' || this.last === 'failed';
  }

  #add(event: AnswerEvent): void {
    if (this.#isOver()) throw new Error(`${event.kind} behind the end`);
    this.last = event.kind;
    const part = parts.get(event.kind);
    if (part !== undefined) this.#said(part, event);
    else if (isOfCall(event)) this.#called(event);
    else if (event.kind === 'end' && this.#open !== undefined)
      throw new Error(`the end within ${this.#open}`);
  }

  #said(part: Part, event: AnswerEvent): void {
    if (this.#open !== undefined && this.#open !== part) throw new Error(`${part} within ${this.#open}`);
    if (event.kind === 'text') this.texts += event.delta;
    this.#open = event.kind === part ? part : undefined;
  }

  #called(event: CallEvent): void {
    if (this.#open !== (event.kind === 'call-begin' ? undefined : 'call'))
      throw new Error(`${event.kind} within ${String(this.#open)}`);
    switch (event.kind) {
      case 'call-begin':
        this.#open = 'call';
        this.#isCustom = event.callKind === 'custom';
        this.#input = '';
        return;
      case 'call-input':
        this.#input += event.delta;
        return;
      case 'call-end':
        this.calls.push({ isCustom: this.#isCustom, isObject: event.isObject, input: this.#input });
        this.#open = undefined;
        return;
      case 'call-cut':
        this.#open = undefined;
    }
  }
}

const parts: ReadonlyMap<string, Part> = new Map([
  ['text', 'text'],
  ['text-end', 'text'],
  ['reasoning', 'reasoning'],
  ['reasoning-end', 'reasoning'],
]);

function isOfCall(event: AnswerEvent): event is CallEvent {
  return event.kind.startsWith('call-');
}
