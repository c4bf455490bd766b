import { randomUUID } from 'node:crypto';
import type { HookEffects, ModelWords, TalkReply } from '../../../features/hooks/hook-effects.ts';
import type { ApiRequest, Exchange } from '../../../kernel/exchange.ts';
import type { ExchangeRecord } from '../../../kernel/exchange-record.ts';
import type { Usage } from '../../../kernel/usage.ts';
import type { UpstreamAnswer } from '../../../kernel/upstream.ts';
import type { HistoryItem } from '../../../protocol/apis/history-item.ts';
import { codecOf } from '../../../protocol/apis/codec-of.ts';
import type { RoundCodec } from '../../../protocol/apis/round-codec.ts';
import { lastText } from '../../../protocol/apis/common/last-text.ts';
import type { RoundItem } from '../../../protocol/apis/round.ts';
import { usageOf } from '../../../protocol/usage.ts';
import type { ModelCaller } from './model-caller.ts';
import { questionExchange } from './question-exchange.ts';
import { readModelAnswer } from './read-model-answer.ts';

interface HookUse {
  readonly usage: Usage | undefined;
  readonly costUsd: number | undefined;
}

export interface HookModelOptions {
  /** Past all stages and filters: no hook hears of what another one asks. */
  readonly send: (exchange: Exchange) => Promise<UpstreamAnswer>;
  /** Counts what a call used: it is in no answer that a client gets. */
  readonly onUsed: (model: string, provider: string | undefined, used: HookUse) => void;
}

/**
 * The model that hooks ask for somebody, with the credentials and the API of the exchange that they run for, in conversations
 * that share nothing with the client's. Where there is no exchange, every call rejects.
 */
export function createHookModel(
  caller: ModelCaller | undefined,
  options: HookModelOptions,
): HookEffects['openTalk'] {
  return (opening) => {
    let talk: Talk | undefined;
    return {
      next: async (said) => {
        if (caller === undefined) {
          throw new Error('no model can be asked here: the hook runs for no request of a client');
        }
        talk ??= new Talk(
          questionExchange(caller, opening, `${caller.id}-hook-${randomUUID()}`),
          caller.record,
          options,
        );
        return talk.next(said);
      },
    };
  };
}

class Talk {
  readonly #exchange: Exchange;
  readonly #codec: RoundCodec;
  /** Of the exchange that the hook runs for. */
  readonly #record: ExchangeRecord;
  readonly #options: HookModelOptions;
  #request: ApiRequest;
  #items: readonly RoundItem[] = [];

  constructor(exchange: Exchange, record: ExchangeRecord, options: HookModelOptions) {
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
    const answer = await this.#options.send({ ...this.#exchange, request: this.#request });
    const { items, usage } = await readModelAnswer(answer, this.#codec);
    const { route, provider, status } = answer;
    const counted = usageOf(this.#request.api, usage);
    const costUsd = counted?.costUsd ?? answer.costUsd;
    const used = counted === undefined ? undefined : { ...counted, costUsd };
    this.#record.addCall({ purpose: 'hook', route, provider, status, usage: used, costUsd });
    this.#options.onUsed(this.#request.head.model ?? 'none', provider, { usage: used, costUsd });
    this.#items = items;
    return {
      text: lastText(
        items
          .filter(({ call, item }) => call === undefined && item['type'] !== 'reasoning')
          .map(({ item }) => item),
      ),
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
