/** LiteLLM's configuration with a model of each kind of provider, at the address of the strict ones. */
export function strictLitellmConfig(url: string): string {
  const entries = [
    ['claude', `anthropic/claude-sonnet-5, api_base: '${url}'`],
    ['claude-budget', `anthropic/claude-sonnet-4-5, api_base: '${url}'`],
    ['gemini', `gemini/gemini-3.1-pro-preview, api_base: '${url}'`],
    ['deepseek', `deepseek/deepseek-reasoner, api_base: '${url}/deepseek'`],
    ['chat', `openai/my-own, api_base: '${url}/v1', use_chat_completions_api: true`],
    ['grok', `xai/grok-4.3, api_base: '${url}/xai/v1'`],
    ['openai', `openai/gpt-5, api_base: '${url}/v1'`],
    ['own', `openai/my-server, api_base: '${url}/v1'`],
  ];
  return `model_list:
${entries.map(([name, rest]) => `  - model_name: ${name}\n    litellm_params: { model: ${rest}, api_key: sk-made-up }\n`).join('')}
litellm_settings: { drop_params: true, modify_params: true }
general_settings: { master_key: os.environ/LITELLM_MASTER_KEY }
`;
}
