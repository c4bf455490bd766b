import { request } from 'undici';
import { isJsonObject } from '../../kernel/json-object.ts';
import { boundedText } from './bounded-text.ts';

interface ProbeOptions {
  /** Where LiteLLM answers, without `/v1`. */
  readonly url: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** Why LiteLLM is not there; `undefined` when it is. Costs it nothing: its `/health` would call every provider. */
export async function whyNotAlive(options: ProbeOptions): Promise<string | undefined> {
  let readiness = '';
  for (const path of ['/health/liveliness', '/health/readiness']) {
    const answer = await get(options, path, {});
    if (typeof answer === 'string') return answer;
    if (answer.status !== 200) return `${options.url}${path} answers with status ${answer.status}`;
    readiness = answer.body;
  }
  // Other programs answer 200 to whatever they are asked.
  return readiness.includes('"status"') ? undefined : `${options.url} is another program than LiteLLM`;
}

export type ModelsAnswer =
  | { readonly kind: 'models'; readonly names: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: string };

/** The names that LiteLLM serves; `refused` when it does not take the key, or does not answer with names. */
export async function askModels(
  options: ProbeOptions & { readonly masterKey: string },
): Promise<ModelsAnswer> {
  const answer = await get(options, '/v1/models', { authorization: `Bearer ${options.masterKey}` });
  if (typeof answer === 'string') return { kind: 'refused', reason: answer };
  if (answer.status !== 200) {
    const reason = `LiteLLM at ${options.url} does not take the master key (status ${answer.status}): both tiers need the same LITELLM_MASTER_KEY, or the same key file`;
    return { kind: 'refused', reason };
  }
  const names = modelIds(answer.body);
  if (names === undefined) {
    const reason = `${options.url}/v1/models does not answer with a list of models: it is another program than LiteLLM, or a page stands before it`;
    return { kind: 'refused', reason };
  }
  return { kind: 'models', names };
}

async function get(
  { url, signal, timeoutMs }: ProbeOptions,
  path: string,
  headers: Record<string, string>,
): Promise<{ readonly status: number; readonly body: string } | string> {
  try {
    const answer = await request(url + path, {
      headers,
      // A probe must not find an old connection that still works.
      reset: true,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    return { status: answer.statusCode, body: await boundedText(answer.body as AsyncIterable<Buffer>) };
  } catch (error) {
    return `LiteLLM does not answer at ${url} (${reasonOf(error)})`;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'no answer in time';
  return 'code' in error && error.code === 'ECONNREFUSED' ? 'connection refused' : error.message;
}

/** `undefined` for what is no list of models. */
function modelIds(body: string): string[] | undefined {
  const list = readJson(body);
  if (!isJsonObject(list) || !Array.isArray(list['data'])) return undefined;
  return list['data'].flatMap((model: unknown) =>
    isJsonObject(model) && typeof model['id'] === 'string' ? [model['id']] : [],
  );
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
