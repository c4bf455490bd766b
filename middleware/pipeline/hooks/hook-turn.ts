import type { Exchange } from '../../kernel/exchange.ts';
import type { Reply } from '../../kernel/reply.ts';
import type { Conversation } from '../../protocol/conversation/conversation.ts';
import type { HookPlace } from '../../features/hooks/sessions/hook-place.ts';

/** A request whose project has hooks or rules, while its stage looks at it. */
export interface HookTurn {
  readonly exchange: Exchange;
  /** Without what was said between the user and us. */
  readonly conversation: Conversation;
  readonly place: HookPlace;
  /** The key of the newest message, where it answered a question about hooks and the prompt is the one before it. */
  readonly repliedAt: string | undefined;
  /** Answers the request in place of a model. */
  readonly answer: (text: string) => Reply;
}
