import { ExchangeRecord } from '../../../kernel/exchange-record.ts';
import { ExchangeState } from '../../../kernel/exchange-state.ts';
import type { ApiRequest, Exchange } from '../../../kernel/exchange.ts';
import { pathOf } from '../../../protocol/api-path.ts';
import { codecOf } from '../../../protocol/apis/codec-of.ts';
import type { ModelQuestion } from '../../../protocol/apis/model-question.ts';
import { classifyCredential } from '../../../protocol/credential.ts';
import { liteHeader, type ModelCaller } from './model-caller.ts';

/** What is asked, and of which model, where it is not that of the request. */
export interface QuestionOpening extends Omit<ModelQuestion, 'model'> {
  readonly model?: string | undefined;
  readonly signal: AbortSignal;
}

/** The exchange that a question of ours to a model is, made by the caller. Throws where nothing says which model is meant. */
export function questionExchange(caller: ModelCaller, opening: QuestionOpening, id: string): Exchange {
  const { api, query, headers, isLite, startedAt, client, turn, log } = caller;
  const { model = caller.model, signal } = opening;
  if (model === undefined) throw new Error('nothing says which model is meant');
  // Another model may be served in the usual form only.
  const isLiteHere = isLite && model === caller.model;
  const form = {
    isLite: isLiteHere,
    keepsReasoning: client.kind === 'codex',
    takesLimit: classifyCredential(headers).kind !== 'chatgpt',
  };
  const json = Buffer.from(JSON.stringify(codecOf(api).request.question({ ...opening, model }, form)));
  const request: ApiRequest = {
    api,
    path: pathOf(api) + query,
    headers: [
      ...headers,
      ...(isLiteHere ? [liteHeader, 'true'] : []),
      ...['accept', 'text/event-stream', 'accept-encoding', 'identity', 'content-type', 'application/json'],
    ],
    raw: json,
    json,
    contentEncoding: undefined,
    head: { model, stream: true },
  };
  return {
    id,
    startedAt,
    signal,
    client,
    caller: caller.caller,
    turn,
    received: request,
    request,
    log,
    state: new ExchangeState(),
    // What is asked beside it is no round of the client's answer.
    record: new ExchangeRecord(),
  };
}
