import type { CalledCommand } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import { roughSize } from '../../kernel/bounds/rough-size.ts';
import { BoundedMap } from '../../kernel/bounds/bounded-map.ts';
import { isYes } from '../trust/parse-answer.ts';
import type { UserWord } from './approvals.ts';
import { OwnTexts } from './own-texts.ts';

/** What we said ourselves to one of the user's messages. */
export interface OwnAnswer {
  /** `undefined`: nothing, the message was an answer to our question. */
  readonly text: string | undefined;
  /** Whether the message does not go to the model either. */
  readonly dropsPrompt: boolean;
  /** The message answered a question of ours: it is no prompt, however often it is sent. */
  readonly isReply?: boolean;
  /** Whether the same message, sent again, gets the same answer; a question that was answered lets it through. */
  readonly isFinal: boolean;
}

/** What the turn that begins with a command asks for. */
export interface CommandTurn {
  readonly called: CalledCommand;
  readonly model: string | undefined;
  readonly effort: string | undefined;
}

/** What came of the user's answer to a question of ours, at the item that it was about. */
export interface Outcome {
  readonly word: UserWord['word'];
  readonly itemKey: string;
  readonly edit: Edit;
}

/** What was changed at one item of a conversation. */
export interface Edit {
  /** What a command made of it; none: it does not go to the model. */
  readonly items?: readonly JsonObject[] | undefined;
  readonly turn?: CommandTurn | undefined;
  readonly answer?: OwnAnswer | undefined;
  /** The item as a script changed it. */
  readonly replacement?: JsonObject | undefined;
  /** The outputs in the item that hooks changed, by the ids of their calls. */
  readonly outputs?: ReadonlyMap<string, string> | undefined;
  /** For the model, right behind the item. */
  readonly contexts?: readonly string[] | undefined;
  /** Words of the user, for the model, right before the item. */
  readonly wordsBefore?: string | undefined;
  /** Of an answer to a question: it counts in each conversation in which the answer stands, and in no other. */
  readonly outcome?: Outcome | undefined;
}

/** Items that we changed in one conversation; more than any has. */
const maxEdits = 2_000;

/**
 * What was changed in one conversation, by the keys of its items. Clients send all of it with every request, so
 * that each change has to be made again each time: to the same bytes, or the provider's prompt cache is lost.
 */
export class Ledger {
  readonly #edits: BoundedMap<string, Edit>;
  readonly #changed: () => void;
  #hasOutcomes = false;
  /** What we answered ourselves; where the client sends it again, it is dropped. */
  readonly said = new OwnTexts();

  constructor(maxSize: number, changed: () => void) {
    this.#edits = new BoundedMap(maxEdits, {
      maxSize,
      sizeOf: (edit, key) => key.length + roughSize(edit),
    });
    this.#changed = changed;
  }

  get isEmpty(): boolean {
    return this.#edits.size === 0;
  }

  /** Whether an answer to a question ever had an outcome, so that others may be different where it does not stand. */
  get hasOutcomes(): boolean {
    return this.#hasOutcomes;
  }

  /** In characters. */
  get totalSize(): number {
    return this.#edits.totalSize + this.said.totalSize;
  }

  find(key: string): Edit | undefined {
    return this.#edits.get(key);
  }

  /** What the user's word came to, where he said the same there before. */
  outcomeOf({ word, at }: UserWord): Outcome | undefined {
    const outcome = this.find(at)?.outcome;
    return outcome !== undefined && isYes(outcome.word) === isYes(word) ? outcome : undefined;
  }

  /** Changes an item from now on, beside what was changed at it before. */
  edit(key: string, edit: Edit): void {
    this.#edits.set(key, { ...this.#edits.get(key), ...edit });
    if (edit.outcome !== undefined) this.#hasOutcomes = true;
    this.#changed();
  }

  /** Keeps what we said to a message. */
  answer(key: string, answer: OwnAnswer & { readonly text: string }, edit: Edit = {}): void {
    this.said.add(answer.text);
    this.edit(key, { ...edit, answer });
  }
}
