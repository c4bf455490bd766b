import type { JsonObject } from '../../../../kernel/json-object.ts';
import { frameBytes, parseFrame } from '../../../sse/sse-frame.ts';
import type { SseFrame } from '../../../../kernel/sse-frame.ts';
import type { AnswerEvent, AnswerUsage } from '../../../translation/answer-event.ts';
import { faultError } from '../../../translation/faults/fault-error.ts';
import { toldInStream } from '../../../translation/faults/with-wait.ts';
import type { ModelRequest } from '../../../translation/model-request.ts';
import type { TranslationWriter } from '../../../translation/translation-codec.ts';
import { finishReasons, writeChatUsage } from '../../chat/translation/write-end.ts';
import { newId } from '../../common/new-id.ts';
import { openaiError } from '../../common/openai-error.ts';
import { eventFrame } from '../../common/read-event.ts';
import { completionChoice } from './write-answer.ts';

const done = parseFrame(frameBytes('[DONE]'));

/** Writes an answer as a stream of the legacy Completions API. It has no place for thoughts. */
export class CompletionsTranslationWriter implements TranslationWriter {
  readonly #head: JsonObject;
  readonly #wantsUsage: boolean;

  constructor({ model, wantsUsage }: ModelRequest, nowSeconds: number) {
    this.#head = { id: newId('cmpl', '-'), object: 'text_completion', created: nowSeconds, model };
    this.#wantsUsage = wantsUsage;
  }

  write(event: AnswerEvent): readonly SseFrame[] {
    if (event.kind === 'text') return [this.#chunk(event.delta, null)];
    if (event.kind === 'failed')
      return [eventFrame(openaiError(toldInStream(faultError(event.failure)))), done];
    if (event.kind !== 'end') return [];
    return [this.#chunk('', finishReasons[event.reason]), ...this.#counted(event.usage), done];
  }

  #counted(usage: AnswerUsage | undefined): readonly SseFrame[] {
    const told = writeChatUsage(usage);
    if (!this.#wantsUsage || told === undefined) return [];
    return [eventFrame({ ...this.#head, choices: [], usage: told })];
  }

  #chunk(text: string, reason: string | null): SseFrame {
    const unknown = this.#wantsUsage ? { usage: null } : {};
    return eventFrame({ ...this.#head, choices: [completionChoice(text, reason)], ...unknown });
  }
}
