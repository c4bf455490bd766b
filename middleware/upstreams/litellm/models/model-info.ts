import { request } from 'undici';
import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import type { Log } from '../../../kernel/log.ts';
import { boundedText } from '../bounded-text.ts';
import type { LitellmTarget } from '../litellm-upstream.ts';

/** One deployment as LiteLLM knows it. */
export interface ModelInfo {
  /** As clients call the model; several deployments may share it. */
  readonly name: string;
  /** `litellm_params` of its entry, without secrets. */
  readonly params: JsonObject;
  /** `model_info`: what LiteLLM's list of models says of it. */
  readonly info: JsonObject;
}

const askTimeoutMs = 2_000;

/** LiteLLM's `GET /model/info`. Never rejects and takes two seconds at most: nothing while it is not there. */
export async function askModelInfo(
  litellm: LitellmTarget | undefined,
  log: Log,
): Promise<readonly ModelInfo[]> {
  if (litellm === undefined) return [];
  try {
    const answer = await request(`${litellm.url}/model/info`, {
      headers: { authorization: `Bearer ${litellm.masterKey}` },
      // Asked so seldom, it needs no connection that stays.
      reset: true,
      signal: AbortSignal.timeout(askTimeoutMs),
    });
    const body: unknown = JSON.parse(await boundedText(answer.body as AsyncIterable<Buffer>));
    const entries = isJsonObject(body) && Array.isArray(body['data']) ? (body['data'] as unknown[]) : [];
    return entries.filter(isJsonObject).flatMap(readEntry);
  } catch (error) {
    log.debug('LiteLLM does not tell about its models', { error });
    return [];
  }
}

function readEntry(entry: JsonObject): readonly ModelInfo[] {
  const { model_name: name, model_info: info, litellm_params: params } = entry;
  if (typeof name !== 'string' || !isJsonObject(info)) return [];
  return [{ name, info, params: isJsonObject(params) ? params : {} }];
}
