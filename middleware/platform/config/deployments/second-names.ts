/** Names of LiteLLM 1.109 for a provider that is called alike by another one, in its list of models among others. */
const sameApi: Readonly<Record<string, string>> = {
  bedrock_converse: 'bedrock',
  qwen_ai_platform: 'dashscope',
  qwencloud: 'dashscope',
  vertex_ai_beta: 'vertex_ai',
};

/** Its names for another API of a provider, which the same keys are for. */
const sameKeys: Readonly<Record<string, string>> = {
  anthropic_text: 'anthropic',
  azure_text: 'azure',
  bedrock_mantle: 'bedrock',
  cohere_chat: 'cohere',
  ollama_chat: 'ollama',
  sagemaker_chat: 'sagemaker',
  sagemaker_nova: 'sagemaker',
  'text-completion-codestral': 'codestral',
  'text-completion-inception': 'inception',
  'text-completion-openai': 'openai',
  watsonx_text: 'watsonx',
};

/** Of a model without a provider its list says what kind it is as well: `vertex_ai-language-models`. */
const withKind = /^(fireworks_ai|vertex_ai)-.*$/;

/** The one name of a provider, by which all that is known of providers is kept. */
export function firstName(provider: string): string {
  return named(sameApi, provider) ?? provider.replace(withKind, '$1');
}

/** The provider that the keys of another are for as well. */
export function keyHolder(provider: string): string {
  const first = firstName(provider);
  return named(sameKeys, first) ?? first;
}

function named(names: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(names, name) ? names[name] : undefined;
}
