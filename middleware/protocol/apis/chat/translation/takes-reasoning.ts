import type { Recipient } from '../../../translation/translation-codec.ts';

/**
 * Providers, as LiteLLM names them, that want `reasoning_content` back with a turn of their model, or take it. Others
 * refuse the request for a member that they do not know (Groq, Mistral, Databricks, Cerebras).
 */
const takers: ReadonlySet<string> = new Set([
  'dashscope',
  'deepseek',
  'gemini',
  'hosted_vllm',
  'minimax',
  'moonshot',
  'openrouter',
  'vertex_ai',
  'xiaomi_mimo',
  'zai',
]);

/**
 * Those to which LiteLLM passes it on all the same, and which are known to refuse it. From requests to the others LiteLLM takes it
 * out itself, or nobody knows.
 */
const refusers: ReadonlySet<string> = new Set(['azure', 'cerebras', 'openai']);

/** Whether a provider refuses requests for `reasoning_content` in their conversation. */
export function refusesReasoning({ provider = '', hasOtherAddress }: Recipient): boolean {
  return refusers.has(provider) && !(provider === 'openai' && hasOtherAddress);
}

/** Whether it goes back to its provider. */
export function takesReasoning(provider: string | undefined): boolean {
  return provider !== undefined && takers.has(provider);
}

const isOdd =
  '(?:unsupported|not supported|unknown|unrecogni[sz]ed|unexpected|extra|additional|not permitted|not allowed|forbidden)';

/**
 * How those refuse it that do not know it: Groq's "property 'reasoning_content' is unsupported", "Extra inputs are not permitted" of
 * servers in Python, OpenAI's "Additional properties are not allowed". DeepSeek's for want of it is none.
 */
export const refusedReasoning = new RegExp(
  `reasoning_content.{0,80}${isOdd}|${isOdd}.{0,80}reasoning_content`,
  'is',
);
