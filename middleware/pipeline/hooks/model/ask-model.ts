import type { Exchange } from '../../../kernel/exchange.ts';
import type { ExchangeRecord, ModelCall } from '../../../kernel/exchange-record.ts';
import type { Usage } from '../../../kernel/usage.ts';
import type { UpstreamAnswer } from '../../../kernel/upstream.ts';
import { lastText } from '../../../protocol/apis/common/last-text.ts';
import type { RoundCodec } from '../../../protocol/apis/round-codec.ts';
import { usageOf } from '../../../protocol/usage.ts';
import { readModelAnswer, type ModelAnswer } from './read-model-answer.ts';

interface ModelUse {
  readonly usage: Usage | undefined;
  readonly costUsd: number | undefined;
}

/** How a model is asked something beside the answer of a client. */
export interface ModelParts {
  /** Past all stages and filters: no hook hears of it. */
  readonly send: (exchange: Exchange) => Promise<UpstreamAnswer>;
  /** Counts what a call used: it is in no answer that a client gets. */
  readonly onUsed: (model: string, provider: string | undefined, used: ModelUse) => void;
}

interface AskedFor {
  readonly purpose: ModelCall['purpose'];
  /** Of the exchange that it is asked for. */
  readonly record: ExchangeRecord;
  readonly codec: RoundCodec;
}

/** Asks a model, reads its whole answer and counts it for the exchange that it is asked for. */
export async function askModel(
  exchange: Exchange,
  { purpose, record, codec }: AskedFor,
  { send, onUsed }: ModelParts,
): Promise<ModelAnswer> {
  const answer = await send(exchange);
  const read = await readModelAnswer(answer, codec);
  const { api, head } = exchange.request;
  const { route, provider, status } = answer;
  const counted = usageOf(api, read.usage);
  const costUsd = counted?.costUsd ?? answer.costUsd;
  const usage = counted === undefined ? undefined : { ...counted, costUsd };
  record.addCall({ purpose, route, provider, status, usage, costUsd });
  onUsed(head.model ?? 'none', provider, { usage, costUsd });
  return read;
}

/** What the model said in it; empty where it said nothing. */
export function textIn({ items }: ModelAnswer): string {
  return lastText(
    items
      .filter(({ call, item }) => call === undefined && item['type'] !== 'reasoning')
      .map(({ item }) => item),
  );
}
