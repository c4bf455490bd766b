import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import type { LitellmConfig } from '../../../platform/config/config.ts';
import { findMasterKey } from '../../../upstreams/litellm/master-key.ts';
import type { Health } from '../../instance/find-instance.ts';
import { isLoopback } from '../../instance/points-here.ts';

const askTimeoutMs = 5_000;

/**
 * The models that a running LiteLLM has no price for; `undefined` where it does not tell. The master key goes to
 * this machine only.
 */
export async function unpricedModels(
  config: LitellmConfig,
  { state, url: told }: Health['litellm'],
): Promise<readonly string[] | undefined> {
  const url = URL.parse(config.mode === 'managed' ? (told ?? '') : config.url);
  if (state !== 'ready' || url === null) return undefined;
  if (config.mode === 'managed' && !isLoopback(url)) return undefined;
  const masterKey = await findMasterKey(config);
  if (masterKey?.kind !== 'key') return undefined;
  try {
    const answer = await fetch(new URL('/model/info', url), {
      headers: { authorization: `Bearer ${masterKey.key}` },
      redirect: 'error',
      signal: AbortSignal.timeout(askTimeoutMs),
    });
    const body: unknown = await answer.json();
    return answer.ok && isJsonObject(body) ? withoutPrice(body['data']) : undefined;
  } catch {
    // Gone, or too slow to tell: what that means is for the check of its state.
    return undefined;
  }
}

function withoutPrice(data: unknown): string[] {
  const names = new Set<string>();
  for (const entry of Array.isArray(data) ? (data as readonly unknown[]) : []) {
    if (!isJsonObject(entry) || typeof entry['model_name'] !== 'string') continue;
    if (!hasPrice(isJsonObject(entry['model_info']) ? entry['model_info'] : {}))
      names.add(entry['model_name']);
  }
  return [...names];
}

function hasPrice(info: JsonObject): boolean {
  return [info['input_cost_per_token'], info['output_cost_per_token']].some(
    (price) => typeof price === 'number' && price > 0,
  );
}
