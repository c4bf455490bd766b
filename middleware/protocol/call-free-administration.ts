/** LiteLLM's administration (1.109.3), by the first word of the path below `/v1`, `/v2` or `/v3`. */
const families: ReadonlySet<string> = new Set(
  (
    'access_group active adaptive_router add agent agents alerting authorize budget cache callback callbacks claude-code cloudzero ' +
    'compliance config config_overrides coordination_redis cost cost_optimization credentials customer debug delete docs end_user ' +
    'fallback favicon.ico gateway get get_favicon get_image get_logo_url global guardrails health introspect invitation jwt key ' +
    'litellm litellm-asset-prefix login management memory-usage-in-mem-cache memory-usage-in-mem-cache-items model model-insights ' +
    'model_group model_hub moyai oauth onboarding openapi.json organization policies policy prompts provider public redoc register ' +
    'reload revoke router routes schedule scim search_tools session settings spend sso subscription_accounts swagger tag team ' +
    'telemetry test token tool ui unified_access_group update upload user utils vantage vector_store _next .well-known'
  ).split(' '),
);

/** What asks a model there, or shows what one said: trials, suggestions, and calls that were logged. */
const ofModels =
  /^\/(?:prompts\/test|policy\/templates\/(?:enrich|suggest|test)|policies\/test-pipeline|utils\/test_policies_and_guardrails|guardrails\/(?:apply_guardrail|test_custom_code|usage\/logs)|health\/test_connection|spend\/logs|cost_optimization|tool\/.+\/logs)(?:\/|$)/s;

/**
 * An API of models behind such a word: a LiteLLM elsewhere may stand below a folder that is named like one
 * (`SERVER_ROOT_PATH`). A provider's name at the end is the name of something.
 */
const behind =
  /\/(?:(?:chat|completions|responses|messages|conversations|realtime|live|assistants|threads|interactions|batches|queue|rag|evals|traces)(?:\/|$)|(?:a2a|anthropic|azure|azure_ai|bedrock|cohere|cursor|engines|files|gemini|gigachat|mistral|nvidia_nim|openai|openai_passthrough|openrouter|vertex-ai|vertex_ai|vllm|watsonx)\/)|:(?:stream)?generate\w*$/i;

/** Whether a path below the API root is one of LiteLLM's administration at which no model says anything. */
export function isCallFreeAdministration(pathBelow: string): boolean {
  const path = pathBelow.replace(/^\/v[23](?=\/)/, '');
  return families.has(path.split('/', 2)[1] ?? '') && !ofModels.test(path) && !behind.test(path);
}
