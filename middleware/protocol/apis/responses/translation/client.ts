import type { Client } from '../../../../kernel/exchange.ts';
import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { AnswerEvent } from '../../../translation/answer-event.ts';
import type { ModelRequest } from '../../../translation/model-request.ts';
import type { ClientTranslation, TranslationWriter } from '../../../translation/translation-codec.ts';
import { refuseOddParts } from '../../../translation/options/odd-parts.ts';
import { refuseOddTools, typeOfTool } from '../../../translation/options/odd-tools.ts';
import { brokenFault } from '../../../translation/faults/broken-answer.ts';
import { wholeAnswer, type AnswerPart } from '../../../translation/whole-answer.ts';
import { faultError } from '../../../translation/faults/fault-error.ts';
import { objectAt, readEvent } from '../../common/read-event.ts';
import { CompactionWriter } from './compaction-writer.ts';
import { responsesOptions } from './options.ts';
import { readResponsesRequest } from './read-request.ts';
import { asksByItem, refuseFaultyInput } from './summary-question.ts';
import { unreadable, withoutBlobs, withoutSeals } from './without-seals.ts';
import { takesText } from './write-items.ts';
import { ResponsesTranslationWriter } from './writer.ts';

/** Clients of the Responses API at providers that have another. */
export const responsesClient: ClientTranslation = {
  path: '/responses',
  readRequest: readResponsesRequest,
  summaries: asksByItem,
  options: responsesOptions,
  refuseFaulty: refuseFaultyInput,
  refuseOdd: ({ input, tools }) => {
    refuseOddParts(input, 'input', ['input_text', 'output_text', 'text']);
    refuseOddTools(tools, (tool, at) => {
      const type = typeOfTool(tool, at);
      return type === 'function' || type === 'custom' ? '' : undefined;
    });
  },
  openWriter,
  writeAnswer,
  withoutSeals,
  repairs: [
    { words: unreadable, what: 'what only its maker can read', without: withoutBlobs, isOfModel: false },
  ],
};

function openWriter(request: ModelRequest, nowSeconds: number, client?: Client): TranslationWriter {
  const isCompaction = request.entries.some(({ kind }) => kind === 'compact');
  return isCompaction
    ? new CompactionWriter(request, nowSeconds, client)
    : new ResponsesTranslationWriter(request, nowSeconds, client);
}

/** The answer without a stream is what the last event of one has. Throws a CodexPlusError for one that failed. */
function writeAnswer(events: readonly AnswerEvent[], request: ModelRequest, nowSeconds: number): JsonObject {
  const writer = openWriter(request, nowSeconds);
  const { parts } = wholeAnswer(events);
  if (parts.some((part) => part.kind === 'call' && !isTaken(part))) throw faultError(brokenFault('noObject'));
  const last = events.flatMap((event) => writer.write(event)).at(-1);
  return last === undefined ? {} : objectAt(readEvent(last) ?? {}, 'response');
}

function isTaken({ begin, isObject }: Extract<AnswerPart, { kind: 'call' }>): boolean {
  return isObject || takesText(begin.callKind);
}
