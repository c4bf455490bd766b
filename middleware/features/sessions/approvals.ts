import { roughSize } from '../../kernel/rough-size.ts';
import type { ApiRequest } from '../../kernel/exchange.ts';
import { localResponsePrefix } from '../../protocol/apis/local-answer.ts';
import type { Conversation } from '../../protocol/conversation/conversation.ts';
import { previousIdOf } from '../../protocol/conversation/previous-id.ts';
import { saidText } from '../../protocol/conversation/said-text.ts';
import { isAddedByClient } from '../../protocol/conversation/user-prompt.ts';
import type { TrustAnswer } from '../trust/parse-answer.ts';
import type { OwnTexts } from './own-texts.ts';

/** A question to the user that we put in place of a model's answer, and that waits for what the user says to it. */
export interface PendingApproval {
  /** The key of the message that it stands behind. */
  readonly askedAt: string;
  readonly text: string;
  /** The exchange that it was the answer of. */
  readonly exchangeId: string;
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

/** The questions about commands and hooks that wait in one conversation. Those about calls are part of the answer that asked. */
export class Approvals {
  #pending: readonly PendingApproval[] = [];
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get totalSize(): number {
    return this.#pending.length === 0 ? 0 : roughSize(this.#pending);
  }

  ask(approval: PendingApproval): void {
    this.#keep([...this.#pending, approval].slice(-maxPending));
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
   * The question that a message stands right behind, as the client sends the conversation. A message that stands elsewhere says nothing to
   * it, though it may read `yes`: the user went back before the question, or it is another conversation that began with the same
   * words, for a client that names none. What the user asked us in between, and what we answered, does not count.
   */
  behind(
    conversation: Conversation,
    index: number,
    { request, said }: { readonly request: ApiRequest; readonly said: OwnTexts },
  ): PendingApproval | undefined {
    if (this.#pending.length === 0) return undefined;
    let isOurs = false;
    for (let at = index - 1; at >= 0; at -= 1) {
      const item = conversation.at(at);
      if (isAddedByClient(item)) continue;
      if (item['role'] !== 'assistant') {
        if (!isOurs) return undefined;
        isOurs = false;
        continue;
      }
      const text = saidText(item).trim();
      const found = this.#pending.findLast((approval) => approval.text.trim() === text);
      if (found !== undefined || isOurs || !said.has(text)) return found;
      isOurs = true;
    }
    const previous = previousIdOf(request);
    return this.#pending.findLast(({ exchangeId }) => previous === `${localResponsePrefix}${exchangeId}`);
  }

  #keep(pending: readonly PendingApproval[]): void {
    this.#pending = pending;
    this.#changed();
  }
}
