import type { ProviderTranslation } from '../../../translation/translation-codec.ts';
import { readResponsesAnswer } from './read-answer.ts';
import { ResponsesTranslationReader } from './reader.ts';
import { writeResponsesRequest } from './write-request.ts';

/** OpenAI, and every provider whose Responses API LiteLLM calls. */
export const responsesProvider: ProviderTranslation = {
  path: '/responses',
  writeRequest: writeResponsesRequest,
  openReader: (names, { provider }, callIds) => new ResponsesTranslationReader(names, provider, callIds),
  readAnswer: readResponsesAnswer,
};
