import type { ClientTranslation } from '../../../translation/translation-codec.ts';
import {
  anyWholeNumber,
  flag,
  numberFrom,
  stopTexts,
  textOption,
  tokenBias,
  wholeNumber,
} from '../../../translation/options/option-rule.ts';
import { readCompletionsRequest } from './read-request.ts';
import { writeCompletion } from './write-answer.ts';
import { CompletionsTranslationWriter } from './writer.ts';

/** Clients of the legacy Completions API at models that have conversations. */
export const completionsClient: ClientTranslation = {
  path: '/completions',
  readRequest: readCompletionsRequest,
  options: [
    ...[flag('stream'), wholeNumber(0, 'max_tokens'), stopTexts('stop')],
    ...[numberFrom([0, 2], 'temperature'), numberFrom([0, 1], 'top_p')],
    ...['presence_penalty', 'frequency_penalty'].map((name) => numberFrom([-2, 2], name)),
    ...[anyWholeNumber('seed'), textOption('user'), tokenBias('logit_bias')],
    {
      at: ['logprobs'],
      isTaken: (value) => value === false,
      words: 'cannot be told by this model; leave it out',
    },
  ],
  openWriter: (request, nowSeconds) => new CompletionsTranslationWriter(request, nowSeconds),
  writeAnswer: writeCompletion,
  // Nothing that a model said goes back in this API but as a part of the prompt.
  withoutSeals: (request) => request,
  repairs: [],
};
