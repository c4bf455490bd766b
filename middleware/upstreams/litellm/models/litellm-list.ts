import { request } from 'undici';
import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import type { Log } from '../../../kernel/log.ts';
import { boundedText } from '../bounded-text.ts';
import type { LitellmTarget } from '../litellm-upstream.ts';

/** LiteLLM's own list of models, in OpenAI's shape, or in Anthropic's. */
export interface LitellmList extends JsonObject {
  readonly data: readonly unknown[];
}

const askTimeoutMs = 2_000;

/**
 * LiteLLM's `GET /v1/models`, in Anthropic's shape for a client that names a version of its API. Never rejects and takes two seconds at
 * most: `undefined` while it does not answer.
 */
export async function askLitellmList(
  litellm: LitellmTarget,
  anthropicVersion: string | undefined,
  log: Log,
): Promise<LitellmList | undefined> {
  try {
    const answer = await request(`${litellm.url}/v1/models`, {
      headers: {
        authorization: `Bearer ${litellm.masterKey}`,
        ...(anthropicVersion !== undefined && { 'anthropic-version': anthropicVersion }),
      },
      // Asked so seldom, it needs no connection that stays.
      reset: true,
      signal: AbortSignal.timeout(askTimeoutMs),
    });
    const body: unknown = JSON.parse(await boundedText(answer.body as AsyncIterable<Buffer>));
    if (!isJsonObject(body)) return undefined;
    const { data } = body;
    return Array.isArray(data) ? { ...body, data: data as unknown[] } : undefined;
  } catch (error) {
    log.debug('LiteLLM does not list its models', { error });
    return undefined;
  }
}
