import type { AnswerCodec } from './answer-codec.ts';
import type { HistoryCodec } from './history-codec.ts';
import type { LocalCodec } from './local-codec.ts';
import type { RequestCodec } from './request-codec.ts';
import type { RoundCodec } from './round-codec.ts';
import type { ClientTranslation, ProviderTranslation } from '../translation/translation-codec.ts';

/** All that is known of one wire API. */
export interface ApiCodec {
  /** As people call it. */
  readonly name: string;
  readonly request: RequestCodec;
  readonly history: HistoryCodec;
  readonly answer: AnswerCodec;
  readonly local: LocalCodec;
  /** Its tool calls, and answers of several rounds; `undefined` for an API without tools. */
  readonly rounds: RoundCodec | undefined;
  /** Its clients at providers that have another API. */
  readonly clientTranslation?: ClientTranslation;
  /** The same for calls for a summary alone, where the API has a path for them. */
  readonly compactionTranslation?: ClientTranslation;
  /** Its providers for clients that speak another API. */
  readonly providerTranslation?: ProviderTranslation;
}
