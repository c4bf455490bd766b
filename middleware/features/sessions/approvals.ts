import { roughSize } from '../../kernel/bounds/rough-size.ts';
import type { Conversation } from '../../protocol/conversation/conversation.ts';
import { saidBefore } from '../../protocol/conversation/said-before.ts';
import { saidText } from '../../protocol/conversation/said-text.ts';
import type { TrustAnswer } from '../trust/parse-answer.ts';

/** A question to the user that we put in place of a model's answer, and that waits for what the user says to it. */
export interface PendingApproval {
  /** The key of the message that it stands behind. */
  readonly askedAt: string;
  readonly text: string;
  /** The folder of the project that it is about. */
  readonly workspace: string;
  /** The command that may not run before, and the key of the item that calls it; none where it is about hooks. */
  readonly command?: {
    readonly itemKey: string;
    readonly call: { readonly name: string; readonly args: string };
  };
  /** Keeps the user's word. */
  readonly resolve: (answer: TrustAnswer) => Promise<void>;
}

/** Questions that wait in one conversation: a user may have gone back before some. */
const maxPending = 8;

/**
 * The questions about commands and hooks that wait in one conversation. Those about calls are part of the answer
 * that asked.
 */
export class Approvals {
  #pending: readonly PendingApproval[] = [];
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get totalSize(): number {
    return this.#pending.length === 0 ? 0 : roughSize(this.#pending);
  }

  /** Asked again behind the same message, it takes the place of what was asked there, and none of another question. */
  ask(approval: PendingApproval): void {
    const { askedAt, text } = approval;
    const others = this.#pending.filter((other) => other.askedAt !== askedAt || other.text !== text);
    this.#keep([...others, approval].slice(-maxPending));
  }

  /** Takes it for answered, however often it was asked. */
  resolved({ text }: PendingApproval): void {
    this.#keep(this.#pending.filter((other) => other.text !== text));
  }

  /** Whether a question waits behind a message: sent again, it was said before the question was read, and answers nothing. */
  isAskedAt(key: string): boolean {
    return this.#pending.some(({ askedAt }) => askedAt === key);
  }

  /**
   * The question that a message stands right behind, as the client sends the conversation. A message that stands
   * elsewhere says nothing to it, though it may read `yes`: the user went back before the question, or answers
   * something else, or it is another conversation that began with the same words, for a client that names none.
   */
  behind(conversation: Conversation, index: number): PendingApproval | undefined {
    if (this.#pending.length === 0) return undefined;
    const before = saidBefore(conversation, index);
    const said = before?.['role'] === 'assistant' ? saidText(before).trim() : undefined;
    return this.#pending.findLast(({ text }) => text.trim() === said);
  }

  #keep(pending: readonly PendingApproval[]): void {
    this.#pending = pending;
    this.#changed();
  }
}
