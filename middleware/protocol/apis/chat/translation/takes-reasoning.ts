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

export function takesReasoning(provider: string | undefined): boolean {
  return provider !== undefined && takers.has(provider);
}
