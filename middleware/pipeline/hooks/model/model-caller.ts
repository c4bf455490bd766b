import { StateKey } from '../../../kernel/exchange-state.ts';
import type { Exchange } from '../../../kernel/exchange.ts';
import { headerValue, type RawHeaders } from '../../../kernel/headers.ts';

/**
 * What is needed of an exchange to call a model as its client would: who it is and where it calls. Nothing of the
 * conversation, and not the body: it is kept for as long as hooks of the exchange may run.
 */
export interface ModelCaller extends Pick<
  Exchange,
  'id' | 'startedAt' | 'client' | 'caller' | 'turn' | 'record' | 'log'
> {
  readonly api: Exchange['request']['api'];
  /** Of the request's path, with its question mark; empty where there is none. */
  readonly query: string;
  readonly headers: RawHeaders;
  readonly model: string | undefined;
  /** Whether the client writes to its model in the form of Codex's light requests. */
  readonly isLite: boolean;
}

/** Who calls in an exchange whose hooks ask a model. */
export const callerKey = new StateKey<ModelCaller>('model caller');

/** Who calls in an exchange. */
export function modelCallerOf({ request, ...exchange }: Exchange): ModelCaller {
  const { id, startedAt, client, caller, turn, record, log } = exchange;
  const { api, path, headers, head } = request;
  const question = path.indexOf('?');
  return {
    ...{ id, startedAt, client, caller, turn, record, log, api },
    query: question < 0 ? '' : path.slice(question),
    headers: headersOfCaller(headers),
    model: head.model,
    isLite: headerValue(headers, liteHeader) === 'true',
  };
}

/** Says that tools and instructions are items of the conversation (measured with Codex 0.169.0). */
export const liteHeader = 'x-openai-internal-codex-responses-lite';

/**
 * Whose call it is, with which program, and which version of an API. Everything else may tie a call to the client's
 * conversation: ids of sessions, threads and requests, the state of a turn, keys against repeats, traces.
 */
const ofCaller: ReadonlySet<string> = new Set([
  'authorization',
  'x-api-key',
  'chatgpt-account-id',
  'openai-organization',
  'openai-project',
  'anthropic-version',
  'anthropic-beta',
  'user-agent',
  'originator',
  'version',
]);

function headersOfCaller(headers: RawHeaders): RawHeaders {
  const kept: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? '';
    if (ofCaller.has(name.toLowerCase())) kept.push(name, headers[i + 1] ?? '');
  }
  return kept;
}
