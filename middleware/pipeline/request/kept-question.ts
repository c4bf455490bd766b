import { codeSpan } from '../../features/built-ins/code-markdown.ts';
import {
  askedAgain,
  saidWord,
  type AskedCall,
  type NextQuestion,
} from '../../features/sessions/session-turns.ts';
import { StateKey } from '../../kernel/exchange-state.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { Conversation } from '../../protocol/conversation/conversation.ts';
import type { UserPrompt } from '../../protocol/conversation/user-prompt.ts';
import { furtherKey } from './ask-further.ts';
import { editConversation } from './current-conversation.ts';
import { withoutText } from './without-text.ts';

/** What a call asked its user, or he was asked about one, who called a command instead that is answered here. */
export interface KeptQuestion {
  readonly asked: AskedCall;
  /** As in `FurtherText`. */
  readonly chainId: string | undefined;
}

/** Of an exchange whose newest message calls such a command: the question waits on behind its answer. */
export const keptQuestionKey = new StateKey<KeptQuestion>('kept question');

/**
 * Has the answer of a command asked further, with the question behind it: the user's next message answers that, and the model
 * gets neither the command nor what was said to it. Sent again, the command has the answer that it had.
 */
export function keepAsking(
  exchange: Exchange,
  { asked, chainId }: KeptQuestion,
  said: { readonly conversation: Conversation; readonly prompt: UserPrompt; readonly answer: string },
): void {
  const { conversation, prompt, answer } = said;
  const word = saidWord(prompt.text);
  const which = `question ${asked.open === undefined ? 'about' : 'of'} ${codeSpan(asked.named.tool)}`;
  const next: NextQuestion = asked.settlements.get(word)?.next ?? {
    asked: askedAgain(asked),
    text: `${answer}\n\nThe ${which} still waits for your answer:\n\n${asked.asks}`,
  };
  asked.settlements.set(word, { kind: 'asked', parts: [], next });
  editConversation(exchange, conversation.edit(new Map([[prompt.index, withoutText(prompt)]])));
  exchange.state.set(furtherKey, { ...next, parts: [], chainId });
}
