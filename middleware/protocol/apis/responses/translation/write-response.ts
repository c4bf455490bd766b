import type { JsonObject } from '../../../../kernel/json-object.ts';

/** The members that the official SDKs say are always there; all but the status, the output and the usage. */
export function responseHead(id: string, model: string, nowSeconds: number): JsonObject {
  return {
    id,
    object: 'response',
    created_at: nowSeconds,
    model,
    error: null,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    parallel_tool_calls: true,
    temperature: null,
    tool_choice: 'auto',
    tools: [],
    top_p: null,
  };
}
