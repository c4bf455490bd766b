import type { ExchangeRecord } from '../../kernel/exchange-record.ts';
import type { AnswerEvent } from '../../protocol/translation/answer-event.ts';
import type { ModelRequest } from '../../protocol/translation/model-request.ts';
import type { TranslationWriter } from '../../protocol/translation/translation-codec.ts';

/** Notes what an answer used whose stream does not tell it, because its client did not ask for it. */
export function notingUsage(
  writer: TranslationWriter,
  { wantsUsage }: ModelRequest,
  record: ExchangeRecord,
): TranslationWriter {
  if (wantsUsage) return writer;
  return {
    write: (event: AnswerEvent) => {
      if ((event.kind === 'end' || event.kind === 'failed') && event.usage !== undefined)
        record.addAnswerUsage(event.usage);
      return writer.write(event);
    },
  };
}
