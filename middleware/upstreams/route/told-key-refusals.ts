import { CodexPlusError } from '../../kernel/errors.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import { withoutHeaders } from '../../kernel/headers.ts';
import type { UpstreamAnswer } from '../../kernel/upstream.ts';
import { failureIn } from '../../protocol/apis/answer-failure.ts';
import { refusedKey, withoutLitellm } from '../../protocol/translation/faults/litellm-fault.ts';
import { readShort } from '../transport/read-short.ts';

type Send = (exchange: Exchange) => Promise<UpstreamAnswer>;
/** The variables with the keys that a model may have been called with, as far as the configuration says. */
export type KeyVariables = (model: string, answer: UpstreamAnswer) => Promise<readonly string[]>;

/** Under which keys are refused: Google does so with a 400. */
const statuses: ReadonlySet<number> = new Set([400, 401, 403]);
const maxErrorBytes = 256 * 1024;

/**
 * Sends model calls, and tells that a key of ours was refused: by its status a client would think that its own is meant, and ask its
 * user for another one.
 */
export function tellKeyRefusals(send: Send, keyVariables: KeyVariables): Send {
  return async (exchange) => {
    const answer = await send(exchange);
    // What a client signs in with at ChatGPT is its own.
    if (answer.route === 'chatgpt' || !statuses.has(answer.status)) return answer;
    const { bytes, body } = await readShort(answer.body, maxErrorBytes);
    const said = withoutLitellm(failureIn(bytes?.toString() ?? '')?.message ?? '');
    const whose = refusedKey(answer.status, said);
    if (whose === undefined) return { ...answer, body };
    body.cancel();
    const { model = '' } = exchange.request.head;
    const variables = whose === 'provider' ? await keyVariables(model, answer) : ['LITELLM_MASTER_KEY'];
    throw new CodexPlusError(
      'provider_key_refused',
      messageOf({ ...answer, model, variables, said, whose }),
      {
        headers: withoutHeaders(answer.headers, ofTheAnswer),
      },
    );
  };
}

interface Refusal extends Pick<UpstreamAnswer, 'status' | 'provider'> {
  readonly whose: 'litellm' | 'provider';
  readonly model: string;
  readonly variables: readonly string[];
  readonly said: string;
}

function messageOf({ status, provider = 'the provider', whose, model, variables, said }: Refusal): string {
  const who = whose === 'litellm' ? 'LiteLLM' : provider;
  const did = status === 403 ? 'does not allow this with the key' : 'refused the key';
  const where = variables.length === 0 ? '' : ` (${variables.join(' or ')})`;
  const words = said === '' ? `the status ${status}` : said.replaceAll(/x-api-key/gi, 'API key');
  return `${who} ${did} that Codex-Plus has for "${model}"${where}: ${words}`;
}

/** What is said anew, and what would have it asked again. */
const ofTheAnswer = new Set([
  ...['content-type', 'content-length', 'content-encoding', 'retry-after', 'x-should-retry'],
  'www-authenticate',
]);
