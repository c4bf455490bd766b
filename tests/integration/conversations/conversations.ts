import { ofAll } from './of-all.ts';
import { ofCalls } from './of-calls.ts';
import { ofCommands } from './of-commands.ts';
import { ofHooks } from './of-hooks.ts';
import type { RecordedConversation } from './recorded-conversation.ts';

export const conversations: readonly RecordedConversation[] = [
  ...ofCommands,
  ...ofHooks,
  ...ofCalls,
  ...ofAll,
];
