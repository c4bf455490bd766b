import type { Exchange } from '../../kernel/exchange.ts';
import type { Conversation } from '../../protocol/conversation/conversation.ts';
import type { HookPlace } from '../../features/hooks/sessions/hook-place.ts';

/** A request whose project has hooks or rules, while its stage looks at it. */
export interface HookTurn {
  readonly exchange: Exchange;
  /** As it goes on from here, with what was said between the user and us. */
  readonly whole: Conversation;
  /** Without what was said between the user and us. */
  readonly conversation: Conversation;
  /** Where an item of it stands in the whole. */
  readonly indexInWhole: (index: number) => number;
  /** Names an item of it. */
  readonly keyAt: (index: number) => string;
  readonly place: HookPlace;
  /** The key of the newest message, where it answered a question of ours and the prompt is the one before it. */
  readonly repliedAt?: string;
}
