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
