import type { ModelRequest } from '../../../translation/model-request.ts';
import type { ClientTranslation, TranslationWriter } from '../../../translation/translation-codec.ts';
import { CompactionWriter } from './compaction-writer.ts';
import { readResponsesRequest } from './read-request.ts';
import { writtenAnswer } from './write-answer.ts';
import { withoutBlobs, withoutSeals } from './without-seals.ts';
import { ResponsesTranslationWriter } from './writer.ts';

/** Clients of the Responses API at providers that have another. */
export const responsesClient: ClientTranslation = {
  path: '/responses',
  readRequest: readResponsesRequest,
  openWriter,
  writeAnswer: (events, request, nowSeconds) => writtenAnswer(openWriter(request, nowSeconds), events),
  withoutSeals,
  withoutBlobs,
};

function openWriter(request: ModelRequest, nowSeconds: number): TranslationWriter {
  const isCompaction = request.entries.some(({ kind }) => kind === 'compact');
  return isCompaction
    ? new CompactionWriter(request, nowSeconds)
    : new ResponsesTranslationWriter(request, nowSeconds);
}
