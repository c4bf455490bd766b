import { randomUUID } from 'node:crypto';
import type { AskModel } from '../../features/mcp/questions/samplings.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import type { RunsFor } from '../call-checks.ts';
import { askModel, textIn, type ModelParts } from '../hooks/model/ask-model.ts';
import { callerKey, type ModelCaller } from '../hooks/model/model-caller.ts';
import { questionExchange } from '../hooks/model/question-exchange.ts';

/** How servers ask models. */
export interface ServerSampling extends ModelParts {
  /** The names of those that may. */
  readonly servers: readonly string[];
}

/**
 * The model of whoever a call of a server runs for, as the server may ask it: as its client would call it, in a
 * conversation that shares nothing with the client's. `undefined` where the server may not.
 */
export function modelForServer(
  server: string,
  { state }: RunsFor,
  sampling: ServerSampling,
): AskModel | undefined {
  const caller = sampling.servers.includes(server) ? state?.get(callerKey) : undefined;
  return caller && createAskModel(caller, sampling);
}

function createAskModel(caller: ModelCaller, parts: ModelParts): AskModel {
  const { api, record } = caller;
  return async ({ instructions, messages, maxTokens }, signal) => {
    const codec = codecOf(api).rounds;
    if (codec === undefined) throw new Error(`no model can be asked over the API of this request (${api})`);
    const id = `${caller.id}-sampling-${randomUUID()}`;
    const exchange = questionExchange(caller, { instructions, messages, maxTokens, tools: [], signal }, id);
    const answer = await askModel(exchange, { purpose: 'sampling', record, codec }, parts);
    return { text: textIn(answer), model: exchange.request.head.model ?? '', isCut: answer.isCut };
  };
}
