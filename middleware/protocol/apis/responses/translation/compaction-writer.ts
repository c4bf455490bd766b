import type { Client } from '../../../../kernel/exchange.ts';
import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { SseFrame } from '../../../../kernel/sse-frame.ts';
import type { AnswerEnd, AnswerEvent, AnswerUsage } from '../../../translation/answer-event.ts';
import type { ModelRequest } from '../../../translation/model-request.ts';
import type { TranslationWriter } from '../../../translation/translation-codec.ts';
import { eventFrame } from '../../common/read-event.ts';
import { newId } from '../../common/new-id.ts';
import { responseHead } from '../local-answer.ts';
import { summaryItem, whyNoSummary } from './summary-item.ts';
import { failureOf } from './write-failure.ts';
import { usageOf } from './write-usage.ts';

/** Of what no other try mends. */
const final = { kind: 'invalid', retryAfterSeconds: undefined } as const;

/**
 * Writes the answer to a request for a summary: one `compaction` item with the whole text, or a failure. Half a summary
 * would take the place of the conversation, so it is none. Frames without meaning keep the client waiting meanwhile.
 */
export class CompactionWriter implements TranslationWriter {
  readonly #head: JsonObject;
  readonly #client: Client | undefined;
  #text = '';
  #sequence = 0;
  #isBegun = false;

  constructor({ model }: ModelRequest, nowSeconds: number, client?: Client) {
    this.#client = client;
    this.#head = responseHead(newId('resp'), model, nowSeconds);
  }

  write(event: AnswerEvent): readonly SseFrame[] {
    const begun = this.#begin();
    if (event.kind === 'failed')
      return [...begun, this.#failed(failureOf(event.failure, this.#client), event.usage)];
    if (event.kind === 'end') return [...begun, ...this.#end(event)];
    if (event.kind !== 'text') return begun;
    this.#text += event.delta;
    // A long summary takes its time, and Codex counts events only.
    return [...begun, this.#frame({ type: 'response.in_progress', response: this.#head })];
  }

  #begin(): readonly SseFrame[] {
    if (this.#isBegun) return [];
    this.#isBegun = true;
    return [this.#frame({ type: 'response.created', response: { ...this.#head, status: 'in_progress' } })];
  }

  #end(end: AnswerEnd): readonly SseFrame[] {
    const { usage } = end;
    const message = whyNoSummary(this.#text, end);
    // Codex would send the whole conversation again for a code that it does not know.
    if (message !== undefined) return [this.#failed(failureOf({ ...final, message }), usage)];
    const item = summaryItem(this.#text);
    const response = { ...this.#head, status: 'completed', output: [item], usage: usageOf(usage) ?? null };
    return [
      this.#frame({ type: 'response.output_item.added', output_index: 0, item }),
      this.#frame({ type: 'response.output_item.done', output_index: 0, item }),
      this.#frame({ type: 'response.completed', response }),
    ];
  }

  #failed(error: ReturnType<typeof failureOf>, usage: AnswerUsage | undefined): SseFrame {
    return this.#frame({
      type: 'response.failed',
      response: { ...this.#head, status: 'failed', output: [], error, usage: usageOf(usage) ?? null },
    });
  }

  #frame(event: JsonObject): SseFrame {
    const frame = eventFrame({ ...event, sequence_number: this.#sequence }, String(event['type']));
    this.#sequence += 1;
    return frame;
  }
}
