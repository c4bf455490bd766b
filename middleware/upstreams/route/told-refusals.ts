import { CodexPlusError } from '../../kernel/errors.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import { withoutHeaders } from '../../kernel/headers.ts';
import type { UpstreamAnswer } from '../../kernel/upstream.ts';
import { failureIn } from '../../protocol/apis/answer-failure.ts';
import { isPage, toldWords, withoutLitellm } from '../../protocol/translation/faults/litellm-fault.ts';
import { refusedBy } from '../../protocol/translation/faults/refused-by.ts';
import { readShort } from '../transport/read-short.ts';
import { waitHeaders } from './retry-after.ts';

type Send = (exchange: Exchange) => Promise<UpstreamAnswer>;

export interface CalledWith {
  /** Who was called, in words; `undefined` where the name of the provider says it. */
  readonly who: string | undefined;
  /** The setting that its address stands in, in words; `undefined` where none has one, or which one is not known. */
  readonly address: string | undefined;
  /** Where its name of the model stands, in words, if not in an entry of LiteLLM's file. */
  readonly modelIn?: string;
  /** Where the keys stand that it may have been called with: variables, or members of entries. */
  readonly keys: readonly string[];
}

/** Who was called for a model, and with which key, as far as the configuration says. */
export type WhoWasCalled = (
  model: string,
  answer: Pick<UpstreamAnswer, 'route' | 'provider'>,
) => Promise<CalledWith>;

export interface TellOptions {
  readonly whoWasCalled: WhoWasCalled;
  readonly knownModels: () => Promise<readonly string[]>;
}

/** Under which keys are refused: Google does so with a 400. */
const statuses: ReadonlySet<number> = new Set([400, 401, 403]);
const maxErrorBytes = 256 * 1024;

/**
 * Sends model calls, and tells what was refused by a 401 or 403: by such a status a client would think that its own key is meant, and ask
 * its user for another one. A 403 is as often about what is asked for, or from where.
 */
export function tellRefusals(send: Send, { whoWasCalled }: Pick<TellOptions, 'whoWasCalled'>): Send {
  return async (exchange) => {
    const answer = await send(exchange);
    // What a client signs in with at ChatGPT is its own.
    if (answer.route === 'chatgpt' || !statuses.has(answer.status)) return answer;
    const { bytes, body } = await readShort(answer.body, maxErrorBytes);
    const { status, headers, route, provider } = answer;
    const { model = '' } = exchange.request.head;
    const told = { status, headers, route, provider, model, text: bytes?.toString() ?? '' };
    const error = await refusalIn(told, whoWasCalled);
    if (error === undefined) return { ...answer, body };
    body.cancel();
    throw error;
  };
}

/** An error whose body was read, and which model was asked for; empty where none is known. */
export interface ReadError extends Pick<UpstreamAnswer, 'status' | 'headers' | 'route' | 'provider'> {
  readonly text: string;
  readonly model: string;
}

/** What an error means that refuses a key or forbids something; `undefined` for any other. */
export async function refusalIn(
  answer: ReadError,
  whoWasCalled: WhoWasCalled,
): Promise<CodexPlusError | undefined> {
  const { status, text, model } = answer;
  const message = failureIn(text)?.message ?? '';
  const said = withoutLitellm(message);
  const refused = refusedBy(status, said, providersPart(answer, message, said));
  if (refused === undefined) return undefined;
  const headers = withoutHeaders(answer.headers, ofTheAnswer);
  const words = isPage(text) || isPage(said) ? toldWords(status, isPage(text) ? text : said) : said;
  if (refused === 'litellm-key') {
    const called = { who: 'LiteLLM', address: undefined, keys: ['LITELLM_MASTER_KEY'] };
    return new CodexPlusError('provider_key_refused', messageOf(answer, called, words), { headers });
  }
  const called = await whoWasCalled(model, answer);
  return refused === 'request'
    ? new CodexPlusError('forbidden_by_provider', forbidden(answer, called, words), { headers })
    : new CodexPlusError('provider_key_refused', messageOf(answer, called, words), { headers });
}

/** What of an error its provider sent: the names around words of LiteLLM's, or around none, are LiteLLM's own. */
function providersPart({ text, route }: ReadError, message: string, said: string): string {
  const isLitellms = said !== message.trim() || (route === 'litellm' && said === '');
  return isLitellms ? message : text;
}

function forbidden(
  { status, provider = 'the provider' }: ReadError,
  { who }: CalledWith,
  said: string,
): string {
  const words = said === '' ? `it answered with the status ${status} and gave no reason` : said;
  return `${who ?? provider} does not allow this, whatever the key: ${words}`;
}

function messageOf(
  { status, provider = 'the provider', model }: ReadError,
  { who, keys }: CalledWith,
  said: string,
): string {
  const did = status === 403 ? 'does not allow this with the key' : 'refused the key';
  const where = keys.length === 0 ? '' : ` (${keysText(keys)})`;
  const words = said === '' ? `the status ${status}` : said.replaceAll(/x-api-key/gi, 'API key');
  const forWhat = model === '' ? '' : ` for "${model}"`;
  return `${who ?? provider} ${did} that Codex-Plus has${forWhat}${where}: ${words}`;
}

/** Which of several deployments refused is not told; where LiteLLM is ours, all of them did. */
function keysText(keys: readonly string[]): string {
  return keys.length === 1
    ? keys.join('')
    : `its deployments have theirs in ${keys.slice(0, -1).join(', ')} and ${keys.at(-1) ?? ''}`;
}

/** What is said anew, and what would have it asked again. */
const ofTheAnswer = new Set([
  ...['content-type', 'content-length', 'content-encoding', 'x-should-retry'],
  ...['www-authenticate', ...waitHeaders],
]);
