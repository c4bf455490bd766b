import { randomUUID } from 'node:crypto';
import type {
  HookEffects,
  ModelWords,
  TalkOpening,
  TalkReply,
} from '../../../features/hooks/hook-effects.ts';
import type { ApiRequest, Exchange } from '../../../kernel/exchange.ts';
import type { ExchangeRecord } from '../../../kernel/exchange-record.ts';
import type { HistoryItem } from '../../../protocol/apis/history-item.ts';
import { codecOf } from '../../../protocol/apis/codec-of.ts';
import type { RoundCodec } from '../../../protocol/apis/round-codec.ts';
import type { RoundItem } from '../../../protocol/apis/round.ts';
import { askModel, textIn, type ModelParts } from './ask-model.ts';
import type { ModelCaller } from './model-caller.ts';
import { questionExchange, type QuestionOpening } from './question-exchange.ts';

/**
 * The model that hooks ask for somebody, with the credentials and the API of the exchange that they run for, in conversations
 * that share nothing with the client's. Where there is no exchange, every call rejects.
 */
export function createHookModel(
  caller: ModelCaller | undefined,
  options: ModelParts,
): HookEffects['openTalk'] {
  return (opening) => {
    let talk: Talk | undefined;
    return {
      next: async (said) => {
        if (caller === undefined) {
          throw new Error('no model can be asked here: the hook runs for no request of a client');
        }
        talk ??= new Talk(
          questionExchange(caller, withMessage(opening), `${caller.id}-hook-${randomUUID()}`),
          caller.record,
          options,
        );
        return talk.next(said);
      },
    };
  };
}

function withMessage({ prompt, ...opening }: TalkOpening): QuestionOpening {
  return { ...opening, messages: [{ role: 'user', parts: [{ kind: 'text', text: prompt }] }] };
}

class Talk {
  readonly #exchange: Exchange;
  readonly #codec: RoundCodec;
  /** Of the exchange that the hook runs for. */
  readonly #record: ExchangeRecord;
  readonly #options: ModelParts;
  #request: ApiRequest;
  #items: readonly RoundItem[] = [];

  constructor(exchange: Exchange, record: ExchangeRecord, options: ModelParts) {
    const { api } = exchange.request;
    const codec = codecOf(api).rounds;
    if (codec === undefined) throw new Error(`no model can be asked over the API of this request (${api})`);
    this.#exchange = exchange;
    this.#codec = codec;
    this.#record = record;
    this.#options = options;
    this.#request = exchange.request;
  }

  async next(said?: TalkReply): Promise<ModelWords> {
    if (said !== undefined) this.#request = this.#after(said);
    const answer = await askModel(
      { ...this.#exchange, request: this.#request },
      { purpose: 'hook', record: this.#record, codec: this.#codec },
      this.#options,
    );
    if (answer.isCut) throw new Error('the answer of the model was cut off');
    const { items } = answer;
    this.#items = items;
    return {
      text: textIn(answer),
      calls: items.flatMap(({ call }) => (call === undefined ? [] : [call])),
    };
  }

  /** The request with what the model said, and with what came of it. */
  #after({ outputs, words }: TalkReply): ApiRequest {
    const itemOf = new Map(this.#items.map(({ call, item }) => [call?.callId, item]));
    const historyItems: readonly HistoryItem[] = [
      ...this.#items.map(({ item }): HistoryItem => ({ kind: 'said', item })),
      ...outputs.flatMap(({ callId, text, isError }) =>
        this.#codec.outputs(itemOf.get(callId) ?? {}, { text, isError }),
      ),
    ];
    const request = this.#codec.withTurn(this.#request, historyItems);
    return words === undefined ? request : this.#codec.withTurn(request, [this.#codec.words(words)]);
  }
}
