import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { EndReason } from '../../../translation/answer-event.ts';
import { sealSummary } from '../../../translation/original.ts';
import { newId } from '../../common/new-id.ts';

/** Takes the place of a conversation; every model gets the summary in it to read. */
export function summaryItem(text: string): JsonObject {
  return { id: newId('cmp'), type: 'compaction', encrypted_content: sealSummary(text) };
}

/** Why what a model said is no summary; `undefined` where it is one. Half of one would take the place of the conversation. */
export function whyNoSummary(
  text: string,
  { reason, asSummary = reason }: { readonly reason: EndReason; readonly asSummary?: EndReason | undefined },
): string | undefined {
  return asSummary === 'stop' && text.trim() !== '' ? undefined : whyNone[asSummary];
}

const whyNone: Readonly<Record<EndReason, string>> = {
  stop: 'the model gave no summary of the conversation',
  calls: 'the model called a tool instead of summing the conversation up',
  limit: 'the summary of the conversation was cut off at the output limit of the model',
  filtered: "the model's provider refused to sum the conversation up",
  paused: 'the model did not finish its summary of the conversation',
  unknown: 'the provider gave no known reason for the end of the summary, which may be half',
};
