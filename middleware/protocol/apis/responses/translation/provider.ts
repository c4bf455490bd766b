import type { ProviderTranslation } from '../../../translation/translation-codec.ts';
import { readResponsesAnswer } from './read-answer.ts';
import { ResponsesTranslationReader } from './reader.ts';
import { unreadable } from './without-seals.ts';
import { writeResponsesRequest } from './write-request.ts';

/** OpenAI, and every other provider that is called in its Responses API. */
export const responsesProvider: ProviderTranslation = {
  path: '/responses',
  blobs: { origin: 'openai', unreadable },
  writeRequest: writeResponsesRequest,
  openReader: (names, { maker }, callIds) => new ResponsesTranslationReader(names, maker, callIds),
  readAnswer: readResponsesAnswer,
};
