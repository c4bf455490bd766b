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

/** What an API's own account of an answer comes to. */
export function usageOf(api: Api, usage: Json | undefined): Usage | undefined {
  if (usage === undefined) return undefined;
  if (api === 'messages') return messagesUsage(usage);
  const [input, output] = api === 'responses' ? ['input', 'output'] : ['prompt', 'completion'];
  return {
    inputTokens: countAt(usage, `${input}_tokens`),
    cachedInputTokens: countAt(objectAt(usage, `${input}_tokens_details`), 'cached_tokens'),
    outputTokens: countAt(usage, `${output}_tokens`),
    reasoningTokens: countAt(objectAt(usage, `${output}_tokens_details`), 'reasoning_tokens'),
    costUsd: costAt(usage),
  };
}

/** The Messages API counts apart what came from the cache and what went into it; the others count both as input. */
function messagesUsage(usage: Json): Usage {
  const cached = countAt(usage, 'cache_read_input_tokens');
  return {
    inputTokens: countAt(usage, 'input_tokens') + cached + countAt(usage, 'cache_creation_input_tokens'),
    cachedInputTokens: cached,
    outputTokens: countAt(usage, 'output_tokens'),
    reasoningTokens: 0,
    costUsd: costAt(usage),
  };
}

/** LiteLLM adds the cost of the call (`include_cost_in_streaming_usage`). */
function costAt(usage: Json): number | undefined {
  const cost = usage['cost'];
  return typeof cost === 'number' && Number.isFinite(cost) ? cost : undefined;
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

function countAt(parent: Json | undefined, key: string): number {
  const value = parent?.[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}
