import type { Api } from '../kernel/exchange.ts';
import type { Usage } from '../kernel/outcome.ts';

type Json = Readonly<Record<string, unknown>>;

/** The usage that a JSON answer reports; `undefined` when it reports none or is no JSON. */
export function usageFromJson(api: Api, text: string): Usage | undefined {
  const answer = parseObject(text);
  return answer === undefined ? undefined : usageOf(api, objectAt(answer, 'usage'));
}

/**
 * The usage that an event stream reports, read from the data of its frames in order. The Messages API reports the input at
 * the start and the output at the end; the others report everything in one frame, the last one that has it.
 */
export function usageFromFrames(api: Api, frames: readonly string[]): Usage | undefined {
  let merged: Json | undefined;
  for (const data of frames) {
    const event = parseObject(data);
    const reported = event === undefined ? undefined : reportedUsage(api, event);
    if (reported !== undefined) merged = api === 'messages' ? { ...merged, ...reported } : reported;
  }
  return usageOf(api, merged);
}

function reportedUsage(api: Api, event: Json): Json | undefined {
  switch (api) {
    case 'responses':
      return objectAt(objectAt(event, 'response'), 'usage');
    case 'messages':
      return objectAt(event, 'usage') ?? objectAt(objectAt(event, 'message'), 'usage');
    case 'chat':
    case 'completions':
      return objectAt(event, 'usage');
  }
}

function usageOf(api: Api, usage: Json | undefined): Usage | undefined {
  if (usage === undefined) return undefined;
  const isChat = api === 'chat' || api === 'completions';
  const input = isChat ? 'prompt' : 'input';
  const output = isChat ? 'completion' : 'output';
  const cached =
    numberAt(objectAt(usage, `${input}_tokens_details`), 'cached_tokens') ??
    numberAt(usage, 'cache_read_input_tokens');
  const fresh = numberAt(usage, `${input}_tokens`) ?? 0;
  return {
    // The Messages API counts what came from the cache, or went into it, apart; the others count it in.
    inputTokens:
      api === 'messages'
        ? fresh + (cached ?? 0) + (numberAt(usage, 'cache_creation_input_tokens') ?? 0)
        : fresh,
    cachedInputTokens: cached ?? 0,
    outputTokens: numberAt(usage, `${output}_tokens`) ?? 0,
    reasoningTokens: numberAt(objectAt(usage, `${output}_tokens_details`), 'reasoning_tokens') ?? 0,
    // LiteLLM adds the cost of the call (`include_cost_in_streaming_usage`).
    costUsd: numberAt(usage, 'cost'),
  };
}

function parseObject(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    // `[DONE]`, or an answer that is no JSON: it reports nothing.
    return undefined;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectAt(parent: Json | undefined, key: string): Json | undefined {
  const value = parent?.[key];
  return isObject(value) ? value : undefined;
}

function numberAt(parent: Json | undefined, key: string): number | undefined {
  const value = parent?.[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
