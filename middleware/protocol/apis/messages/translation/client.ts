import { claudesRefusal } from '../../../translation/faults/refused-thoughts.ts';
import type { ClientTranslation } from '../../../translation/translation-codec.ts';
import { refuseOddParts } from '../../../translation/options/odd-parts.ts';
import { refuseOddTools } from '../../../translation/options/odd-tools.ts';
import { isClients } from './blocks/read-tools.ts';
import { asClaudeTakes } from './direct/as-claude-takes.ts';
import { withTakenRoles } from './direct/taken-roles.ts';
import { thoughtExpected, withoutLoopThinking } from './turns/running-loop.ts';
import { messagesOptions } from './options.ts';
import { readMessagesRequest } from './read-request.ts';
import { withoutSeals } from './without-seals.ts';
import { withoutThoughts } from './without-thoughts.ts';
import { writeMessagesAnswer } from './write-answer.ts';
import { MessagesTranslationWriter } from './writer.ts';

/** Claude Code and other clients of the Messages API at providers that have another. */
export const messagesClient: ClientTranslation = {
  path: '/messages',
  readRequest: readMessagesRequest,
  options: messagesOptions,
  refuseOdd: ({ messages, tools }) => {
    refuseOddParts(messages, 'messages', ['text']);
    refuseOddTools(tools, (tool) => (isClients(tool) ? '' : undefined));
  },
  openWriter: (request) => new MessagesTranslationWriter(request),
  writeAnswer: writeMessagesAnswer,
  withoutSeals,
  asModelTakes: asClaudeTakes,
  withTakenRoles,
  repairs: [
    {
      words: claudesRefusal,
      what: 'what only its maker can read',
      without: withoutThoughts,
      isOfModel: false,
    },
    {
      words: thoughtExpected,
      what: 'thinking, in a tool loop that began without it',
      without: withoutLoopThinking,
      isOfModel: false,
    },
  ],
};
