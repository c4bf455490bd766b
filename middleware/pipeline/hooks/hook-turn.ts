import type { UserWord } from '../../features/sessions/approvals.ts';
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
  /** What the newest message says, where it answers a question about hooks and the prompt is one before it. */
  readonly replied: UserWord | undefined;
  /** Answers the request in place of a model. */
  readonly answer: (text: string) => Reply;
}
