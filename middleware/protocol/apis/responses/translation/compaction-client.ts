import { CodexPlusError } from '../../../../kernel/errors.ts';
import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { AnswerEvent } from '../../../translation/answer-event.ts';
import type { ModelRequest } from '../../../translation/model-request.ts';
import type { ClientTranslation } from '../../../translation/translation-codec.ts';
import { wholeAnswer } from '../../../translation/whole-answer.ts';
import { newId } from '../../common/new-id.ts';
import { responsesClient } from './client.ts';
import { readResponsesRequest } from './read-request.ts';
import { summaryItem, whyNoSummary } from './summary-item.ts';
import { asksByPath } from './summary-question.ts';
import { usageOf } from './write-usage.ts';

/** Clients that send a conversation to be summed up. The API has no stream for it. Source: OpenAI API, "Compact a response". */
export const compactionClient: ClientTranslation = {
  ...responsesClient,
  path: '/responses/compact',
  readRequest,
  summaries: asksByPath,
  writeAnswer,
};

/** As if its last item asked for a summary, in whatever words the model finds: a form was meant for answers. */
function readRequest(body: JsonObject): ModelRequest {
  const asked = readResponsesRequest(body);
  const said = asked.entries.filter(({ kind }) => kind !== 'compact');
  return { ...asked, isStreamed: false, format: undefined, entries: [...said, { kind: 'compact' }] };
}

/** Throws where there is no summary. */
function writeAnswer(events: readonly AnswerEvent[], _request: ModelRequest, nowSeconds: number): JsonObject {
  const answer = wholeAnswer(events);
  const text = answer.parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
  const fault = whyNoSummary(text, answer);
  if (fault !== undefined) throw new CodexPlusError('upstream_refused', fault);
  return {
    id: newId('resp'),
    object: 'response.compaction',
    created_at: nowSeconds,
    output: [summaryItem(text)],
    usage: usageOf(answer.usage) ?? null,
  };
}
