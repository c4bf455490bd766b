/** What LiteLLM's `GET /model/info` tells of a model of the test's; its own params and facts are in it. */
export function deployment(name: string, provider: keyof typeof deployed, params: object = {}): object {
  const { model, info } = deployed[provider];
  return {
    model_name: name,
    litellm_params: { model, ...params },
    model_info: { mode: 'chat', supports_vision: true, supports_reasoning: true, ...info },
  };
}

/** OpenAI's own address, in an entry: there the environment, by which tests put a fake in its place, does not count. */
export const atOpenai = { api_base: 'https://api.openai.com/v1' } as const;

/** As litellm 1.109.3 lists them. */
const deployed = {
  openai: { model: 'openai/gpt-5.5', info: { litellm_provider: 'openai' } },
  anthropic: {
    model: 'anthropic/claude-sonnet-4-5',
    info: { litellm_provider: 'anthropic', max_output_tokens: 64_000 },
  },
  gemini: { model: 'gemini/gemini-3.1-pro-preview', info: { litellm_provider: 'gemini' } },
} as const;
