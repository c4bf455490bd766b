import type { Api } from '../kernel/exchange.ts';
import { isJsonObject, parseJsonObject, type JsonObject } from '../kernel/json-object.ts';
import type { Usage } from '../kernel/usage.ts';

/** The usage that an answer that is no stream reports; `undefined` when it reports none. */
export function usageOfAnswer(api: Api, answer: JsonObject): Usage | undefined {
  return usageOf(api, objectAt(answer, 'usage'));
}

/**
 * The usage that an event stream reports, read from the data of its frames in order. The Messages API reports the input at
 * the start and the output at the end; the others report everything in one frame, the last one that has it.
 */
export function usageFromFrames(api: Api, frames: readonly string[]): Usage | undefined {
  let merged: JsonObject | undefined;
  for (const data of frames) {
    // `[DONE]` is none, and reports nothing.
    const event = parseJsonObject(data);
    const reported = event === undefined ? undefined : reportedUsage(api, event);
    if (reported !== undefined) merged = api === 'messages' ? { ...merged, ...reported } : reported;
  }
  return usageOf(api, merged);
}

function reportedUsage(api: Api, event: JsonObject): JsonObject | undefined {
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
export function usageOf(api: Api, usage: JsonObject | undefined): Usage | undefined {
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
function messagesUsage(usage: JsonObject): Usage {
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
function costAt(usage: JsonObject): number | undefined {
  const cost = usage['cost'];
  return typeof cost === 'number' && Number.isFinite(cost) ? cost : undefined;
}

function objectAt(parent: JsonObject | undefined, key: string): JsonObject | undefined {
  const value = parent?.[key];
  return isJsonObject(value) ? value : undefined;
}

function countAt(parent: JsonObject | undefined, key: string): number {
  const value = parent?.[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}
