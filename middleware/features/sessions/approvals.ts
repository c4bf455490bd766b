import { roughSize } from '../../kernel/bounds/rough-size.ts';
import type { Conversation } from '../../protocol/conversation/conversation.ts';
import { itemKey } from '../../protocol/conversation/item-key.ts';
import { placeBefore } from '../../protocol/conversation/said-before.ts';
import { saidText } from '../../protocol/conversation/said-text.ts';
import type { TrustAnswer } from '../trust/parse-answer.ts';

/** What the user said to a question, and the key of the message that said so. */
export interface UserWord {
  readonly word: TrustAnswer;
  readonly at: string;
}

/** A question to the user that we put in place of a model's answer. */
export interface Approval {
  /** The key of the message that it stands behind. */
  readonly askedAt: string;
  readonly text: string;
  /** The question alone, where it stands again below the answer of a command. */
  readonly question?: string;
  /** The folder of the project that it is about. */
  readonly workspace: string;
  /** The command that may not run before, and the key of the item that calls it; none where it is about hooks. */
  readonly command?: {
    readonly itemKey: string;
    readonly call: { readonly name: string; readonly args: string };
  };
  /** Keeps the user's word. */
  readonly resolve: (answer: TrustAnswer) => Promise<void>;
  /** The user's last word; none while it waits. */
  readonly answered?: UserWord;
}

/** Questions in one conversation; more than any has. */
const maxAsked = 64;

/**
 * The questions about commands and hooks in one conversation. Those about calls are part of the answer that asked.
 * One that was answered is kept: a user may go back to it and say otherwise.
 */
export class Approvals {
  #asked: readonly Approval[] = [];
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get totalSize(): number {
    return this.#asked.length === 0 ? 0 : roughSize(this.#asked);
  }

  /** Asked again behind the same message, it takes the place of what was asked there, and none of another question. */
  ask(approval: Approval): void {
    const { askedAt, text } = approval;
    const others = this.#asked.filter((other) => other.askedAt !== askedAt || other.text !== text);
    this.#keep([...others, approval].slice(-maxAsked));
  }

  /** Takes it for answered, however often it was asked. */
  answer(approval: Approval, answered: UserWord): void {
    const question = questionOf(approval);
    this.#keep(this.#asked.map((other) => (questionOf(other) === question ? { ...other, answered } : other)));
  }

  /**
   * Asks a question again below the answer of a command, where the message that called it stands behind the question and this waits;
   * what both say together, `undefined` where none waits there.
   */
  askAgain(conversation: Conversation, index: number, answer: string): string | undefined {
    const waiting = this.behind(conversation, index);
    if (waiting === undefined || waiting.answered !== undefined) return undefined;
    const question = questionOf(waiting);
    const text = `${answer}\n\nThis still waits for your answer:\n\n${question}`;
    this.ask({ ...waiting, askedAt: itemKey(conversation, index), text, question });
    return text;
  }

  /** Whether a question waits behind a message: sent again, it was said before the question was read, and answers nothing. */
  isAskedAt(key: string): boolean {
    return this.#asked.some(({ askedAt, answered }) => askedAt === key && answered === undefined);
  }

  /** The user's last word on the command that an item calls; none while a question about it waits. */
  wordOn(key: string): UserWord | undefined {
    return this.#asked.findLast(({ command }) => command?.itemKey === key)?.answered;
  }

  /**
   * The question that a message stands right behind, as the client sends the conversation. A message that stands
   * elsewhere says nothing to it, though it may read `yes`: the user went back before the question, or answers
   * something else, or it is another conversation that began with the same words, for a client that names none.
   */
  behind(conversation: Conversation, index: number): Approval | undefined {
    const at = this.#asked.length === 0 ? undefined : placeBefore(conversation, index);
    if (at === undefined) return undefined;
    const before = conversation.at(at);
    const said = before['role'] === 'assistant' ? saidText(before).trim() : undefined;
    const alike = this.#asked.filter(({ text }) => text.trim() === said);
    const askedIndex = alike.length === 0 ? undefined : placeBefore(conversation, at);
    const askedAt = askedIndex === undefined ? undefined : itemKey(conversation, askedIndex);
    return (
      alike.findLast((approval) => approval.askedAt === askedAt) ??
      alike.findLast(({ answered }) => answered === undefined)
    );
  }

  #keep(asked: readonly Approval[]): void {
    this.#asked = asked;
    this.#changed();
  }
}

function questionOf({ question, text }: Approval): string {
  return question ?? text;
}
