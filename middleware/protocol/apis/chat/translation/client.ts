import type { ClientTranslation } from '../../../translation/translation-codec.ts';
import { chatOptions } from '../options.ts';
import { refuseLostResults } from '../refuse-broken.ts';
import { unreadable, withoutSignatures } from './originals.ts';
import { readChatRequest } from './read-request.ts';
import { refusedReasoning } from './takes-reasoning.ts';
import { writeChatAnswer } from './write-answer.ts';
import { withoutForeignThoughts, withoutReasoning } from './without-foreign-thoughts.ts';
import { ChatTranslationWriter } from './writer.ts';

/** Clients of the Chat Completions API at providers that have another. */
export const chatClient: ClientTranslation = {
  path: '/chat/completions',
  readRequest: readChatRequest,
  options: chatOptions,
  refuseOdd: refuseLostResults,
  openWriter: (request, nowSeconds) => new ChatTranslationWriter(request, nowSeconds),
  writeAnswer: writeChatAnswer,
  withoutSeals: withoutForeignThoughts,
  repairs: [
    {
      words: unreadable,
      what: 'signatures that its provider refuses',
      without: withoutSignatures,
    },
    {
      words: refusedReasoning,
      what: 'reasoning that its provider does not know',
      without: withoutReasoning,
    },
  ],
};
