import { CodexPlusError, errorCatalogue, type ErrorCode } from '../../kernel/errors.ts';
import type { ApiRequest, Exchange } from '../../kernel/exchange.ts';
import { headerValue, withoutHeaders, type RawHeaders } from '../../kernel/headers.ts';
import type { UpstreamAnswer } from '../../kernel/upstream.ts';
import { failureIn } from '../../protocol/apis/answer-failure.ts';
import { leavesOutCalled, namingCalled } from '../../protocol/translation/faults/broken-answer.ts';
import { unknownModel } from '../../protocol/translation/faults/fault-error.ts';
import {
  isPage,
  litellmFault,
  providerFault,
  type LitellmFault,
} from '../../protocol/translation/faults/litellm-fault.ts';
import { secondsToWait } from '../../protocol/translation/faults/seconds-to-wait.ts';
import { readShort } from '../transport/read-short.ts';
import { faultOfRequest } from './faulty-request.ts';
import { noSuchModel } from './no-such-model.ts';
import { boundedWait, retryAfter, waitHeaders } from './retry-after.ts';
import type { CalledWith, ReadError, TellOptions } from './told-refusals.ts';

type Send = (exchange: Exchange) => Promise<UpstreamAnswer>;

/** Errors are short; a longer one is none of LiteLLM's and goes on as it is. */
const maxErrorBytes = 256 * 1024;
/** Where a provider that is busy does not say how long. */
const usualWait = 5;

/**
 * Sends model calls, and tells errors of LiteLLM and of other APIs in the terms of the client: LiteLLM puts words of its own
 * around what its provider says, under statuses of its own, so that a client would not know a conversation that is too long.
 */
export function tellErrors(send: Send, options: TellOptions): Send {
  return async (exchange) => {
    const answer = await send(exchange);
    const { status, headers, route, isErrorForeign = false } = answer;
    const isOwn = route !== 'litellm' && !isErrorForeign;
    if (status < 400 || (isOwn && !announcesPage(headers))) return answer;
    const { bytes, body } = await readShort(answer.body, maxErrorBytes);
    const { model = '' } = exchange.request.head;
    const told = { status, headers, route, provider: answer.provider, model, text: bytes?.toString() ?? '' };
    const error = await errorOf(exchange.request, told, isErrorForeign, options);
    if (error === undefined) return { ...answer, body };
    // One that is too long to be read goes to nobody.
    body.cancel();
    throw error;
  };
}

async function errorOf(
  request: ApiRequest,
  told: ReadError,
  isForeign: boolean,
  options: TellOptions,
): Promise<CodexPlusError | undefined> {
  // One that is translated was read before.
  const isLitellms = told.route === 'litellm' && !isForeign;
  const ofRequest = isLitellms ? faultOfRequest(request, told.text) : undefined;
  if (ofRequest !== undefined) return ofRequest;
  const fault = faultIn(told.text, told.status, isForeign);
  return fault === undefined ? undefined : faultError(fault, told, options);
}

/** The error that a fault is for a client. */
export async function faultError(
  fault: LitellmFault,
  error: ReadError,
  options: TellOptions,
): Promise<CodexPlusError> {
  const { headers, text } = error;
  const code = codes[fault.code];
  const isFinal = !errorCatalogue[code].retryable;
  const wait = isFinal ? undefined : waitOf(fault, headers, text);
  return new CodexPlusError(code, await toldMessage(fault, error, options), {
    headers: withoutHeaders(headers, isFinal ? ofTheFinal : ofTheAnswer),
    ...(code === 'unknown_to_provider' ? { names: unknownModel } : {}),
    ...(wait === undefined ? {} : { retryAfterSeconds: wait }),
  });
}

async function toldMessage(
  { code, message }: LitellmFault,
  error: ReadError,
  { knownModels, whoWasCalled }: TellOptions,
): Promise<string> {
  const { model } = error;
  if (code === 'model_not_found') return noSuchModel(model, await knownModels());
  const called = (): Promise<CalledWith> => whoWasCalled(model, error);
  if (code === 'no_such_path') return nothingThere(message, error, await called());
  if (code === 'unknown_to_provider') return unknownThere(message, model, await called());
  if (!leavesOutCalled(message, model)) return message;
  const { who } = await called();
  return namingCalled(message, model, () => who);
}

/** Where the configuration names a model wrongly. */
function unknownThere(
  message: string,
  model: string,
  { modelIn = "its entry in LiteLLM's file" }: CalledWith,
): string {
  return `the provider has no model of the name that the configuration gives for "${model}" (${modelIn}): ${message}`;
}

/** Whose address leads to nothing. Servers say as little of a path that another part of the address spoils. */
function nothingThere(message: string, { model, route }: ReadError, { address }: CalledWith): string {
  const whose = model === '' ? 'the server' : `the server of "${model}"`;
  const usual =
    route === 'litellm'
      ? "`api_base` of its entry in LiteLLM's file"
      : 'the address of its provider in the configuration';
  return `${whose} has nothing at the path that it is called at: check ${address ?? usual}, which often wants \`/v1\` at its end where a server speaks OpenAI's API (it said: ${message})`;
}

/** What is for browsers is no word to a client, whoever says it. */
function announcesPage(headers: RawHeaders): boolean {
  return headerValue(headers, 'content-type')?.startsWith('text/html') ?? false;
}

/** What an error says that clients have a word for; `isForeign`: it is of another API than the client's, whoever said it. */
export function faultIn(text: string, status: number, isForeign: boolean): LitellmFault | undefined {
  if (isPage(text)) return providerFault(status, text);
  const { message, code } = failureIn(text) ?? {};
  const told = message === undefined ? undefined : litellmFault(status, message);
  if (told !== undefined || !isForeign) return told;
  return providerFault(status, message ?? `the provider answered with the status ${status}`, code, text);
}

/** Who is busy is asked again after a while also where it does not say when. */
function waitOf({ code }: LitellmFault, headers: RawHeaders, text: string): number | undefined {
  const isBusy = code === 'rate_limit_exceeded' || code === 'server_is_overloaded';
  return retryAfter(headers) ?? (isBusy ? boundedWait(secondsToWait(text) ?? usualWait) : undefined);
}

/** What is said anew of an error; all else, such as limits and ids, is the provider's word to the client. */
const ofTheAnswer = new Set(['content-type', 'content-length', 'content-encoding', ...waitHeaders]);
const ofTheFinal = new Set([...ofTheAnswer, 'x-should-retry']);

const codes: Readonly<Record<LitellmFault['code'], ErrorCode>> = {
  context_length_exceeded: 'context_length_exceeded',
  insufficient_quota: 'insufficient_quota',
  rate_limit_exceeded: 'rate_limit_exceeded',
  server_is_overloaded: 'server_is_overloaded',
  model_not_found: 'model_not_found',
  unknown_to_provider: 'unknown_to_provider',
  no_such_path: 'refused_by_provider',
  request_too_large: 'request_too_large',
  invalid_request: 'refused_by_provider',
  stream_incomplete: 'stream_incomplete',
  upstream_timeout: 'upstream_timeout',
  upstream_unreadable: 'upstream_unreadable',
  failed: 'provider_failed',
};
