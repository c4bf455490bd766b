/**
 * Requests that no model answers, as `METHOD /path below the API root`. Sources: OpenAI API reference; the routes
 * of litellm 1.109.3 (`tests/fixtures/litellm-routes.txt`). What is asked of a model without tools (embeddings,
 * images, audio) is among them.
 */
export const callFreePaths: readonly RegExp[] = [
  // Models, and the tokens of a conversation; Google's forms too.
  /^GET (?:\/v1beta)?\/models(?:\/.+)?$/s,
  /^POST (?:\/v1beta)?\/models\/.+:countTokens$/s,
  /^POST (?:\/openai\/v1)?\/responses\/(?:input_tokens|compact)$/,
  /^POST (?:\/claude_code_gateway\/v1)?\/messages\/count_tokens$/,
  // Models without tools, by the names of their providers too.
  /^POST (?:\/v2)?\/rerank$/,
  /^POST (?:\/(?:engines|openai\/deployments)\/.+)?\/(?:embeddings|images\/(?:generations|edits|variations))$/s,
  /^POST \/(?:moderations|ocr|search(?:\/[^/]+)?|rag\/ingest|audio\/(?:speech|transcriptions|translations))$/,
  /^POST \/(?:transcribe|comprehendmedical)(?:\/[^/]+)?$/,
  /^GET \/search\/tools$/,
  // A provider's own API: only what is named alike by all.
  /^POST \/(?:anthropic|azure|azure_ai|bedrock|cohere|gemini|gigachat|mistral|nvidia_nim|openai|openai_passthrough|openrouter|vertex-ai|vertex_ai|vllm|watsonx)\/(?:.+\/)?(?:embeddings|moderations|rerank|images\/(?:generations|edits|variations)|audio\/(?:speech|transcriptions|translations))$/s,
  /^GET \/(?:anthropic|azure|azure_ai|cohere|cursor|gemini|gigachat|mistral|nvidia_nim|openai|openai_passthrough|openrouter|vllm|watsonx|claude_code_gateway)\/(?:(?:v1|v1beta)\/)?models(?:\/[^/:]+)?$/,
  // Files but for their contents, and batches but for making one: the results of a batch are a file.
  /^(?:GET|POST) \/files$/,
  /^GET \/files\/[^/]+$/,
  /^GET \/batches(?:\/[^/]+)?$/,
  /^POST \/batches\/[^/]+\/cancel$/,
  // What else providers keep.
  /^[A-Z]+ \/(?:vector_stores|indexes|containers|videos|fine_tuning|uploads|skills|memory|milvus)(?:\/.*)?$/s,
  // Codex's search, and its summaries of what it did.
  /^POST \/(?:alpha\/search|memories\/trace_summarize)$/,
  // LiteLLM's tools for clients: MCP, agents' cards, telemetry, Claude Code's gateway.
  /^[A-Z]+ \/mcp(?:-rest)?(?:\/.*)?$/s,
  /^[A-Z]+ \/toolset\/[^/]+\/mcp$/,
  /^GET \/a2a\/[^/]+\/\.well-known\/[^/]+$/,
  /^POST (?:\/claude_code_gateway\/v1)?\/(?:logs|traces|metrics)$/,
  /^POST \/(?:rust_control_plane\/logs|api\/event_logging\/batch)$/,
  /^GET \/api\/plugins(?:\/auth-token)?$/,
  /^[A-Z]+ \/claude_code_gateway\/(?:oauth|managed|\.well-known)\/.*$/s,
  /^(?:POST|PUT|PATCH) \/langfuse\/.+$/s,
  // An MCP server by its name, and its sign-in. Below `/a2a` these words would be an agent's name.
  /^[A-Z]+ \/(?!a2a\/)[^/]+\/(?:mcp|authorize|token|register|revoke|introspect)$/,
];
