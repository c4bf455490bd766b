/** Those whose answers hold nothing that a client could run. */
const bodiless = /^(?:DELETE|HEAD|OPTIONS)$/;

/** Conversations and what is made of them, below the root of the API. Sources: OpenAI API reference; litellm 1.109 `LiteLLMRoutes`. */
const conversations =
  /^\/(?:responses|chat|completions|messages|conversations|realtime|live|assistants|threads|interactions|a2a|rag|claude_code_gateway)(?:\/|$)/;

/** Of these, what counts or shortens a conversation and lets no model call anything. */
const withoutCalls = /^\/(?:responses\/(?:input_tokens|compact)|messages\/count_tokens)$/;

/** Paths of LiteLLM that lead to a provider's own API, or to a model by another name. */
const providers =
  /^\/(?:anthropic|azure|azure_ai|backend-api|bedrock|cohere|cursor|engines|gemini|gigachat|laya|bespoke|mistral|nvidia_nim|openai|openai_passthrough|openrouter|typesafe|vertex-ai|vertex_ai|vllm|watsonx)\//;

const plain = /\/(?:embeddings|moderations|rerank|models(?:\/[^/:]+)?|images\/\w+|audio\/\w+)$/;

/** Google's own form, `models/…:generateContent`, and its `interactions`. */
const google = /:(?:stream)?generate\w*$|^\/v1beta\/interactions(?:\/|$)/i;

/** A batch is made by one and its results, each a whole answer of a model, are read by the other. */
const batches = /^(?:POST \/batches|GET \/files\/[^/]+\/content)$/;

/**
 * Whether the answer to a request that we do not own may hold tool calls of a model. `pathBelow` is below the API root, as
 * `pathBelowRoot` gives it. What is no path of a model at all, LiteLLM's administration for example, holds none.
 */
export function mayCarryCalls(method: string, pathBelow: string): boolean {
  if (bodiless.test(method)) return false;
  const path = pathBelow.replace(/\?.*$/s, '').replace(/(?<=.)\/$/, '');
  if (conversations.test(path)) return !withoutCalls.test(path);
  if (providers.test(path)) return !plain.test(path);
  return google.test(path) || batches.test(`${method} ${path}`);
}
