import { withoutQuotes } from './without-quotes.ts';

/**
 * The words in which providers say that a request is longer than the model's context. Sources: their documentation, the list of
 * LiteLLM (`exception_mapping_utils.py`), and issues that quote them. `…` stands for what is in quotation marks.
 */
const wordings = [
  // Anthropic, Fireworks; Ollama, Atlas
  /\bprompt (?:is )?too long\b/i,
  // Anthropic
  /input length and (?:`?max_tokens`?|…) exceed context limit/i,
  // OpenAI, Azure, DeepSeek, Mistral, OpenRouter, vLLM and most that speak OpenAI's API
  /maximum context (?:length|limit)/i,
  /exceeds? the context window/i,
  /context[_ ]length[_ ]exceeded/i,
  /input tokens exceed the configured limit/i,
  // Gemini
  /input token count.{0,40}exceeds the maximum/i,
  /input token count is \d{1,12} but (?:the )?model only supports up to/i,
  // Bedrock
  /\binput is too long\b/i,
  /too many input tokens|input tokens exceeded: number of input tokens/i,
  // xAI
  /maximum prompt length is \d/i,
  // Moonshot
  /exceeded model token limit/i,
  // Z.ai
  /prompt exceeds max length/i,
  // DashScope
  /range of input length should be/i,
  // MiniMax
  /context window exceeds limit/i,
  // Groq, Cerebras
  /reduce the length of (?:the|your) (?:messages|prompt|input)/i,
  /current length is \d{1,12} while limit is/i,
  // Cohere; without more it is a rate limit of Bedrock's
  /too many tokens[:.]/i,
  // Mistral
  /prompt has too many tokens/i,
  // GitHub Copilot
  /prompt token count of \d{1,12} exceeds/i,
  // Together, SGLang, vLLM
  /longer than the (?:model\\?'s context length|maximum model length)/i,
  // Poolside, Volcengine
  /input length (?:of )?\d{1,12} exceeds the maximum/i,
  /maximum input length is \d{1,12} tokens/i,
  // Text Generation Inference
  /(?:`?inputs`?|…) tokens \+ (?:`?max_new_tokens`?|…) must be/i,
  // watsonx
  /number of input tokens \d{1,12} cannot exceed/i,
  // llama.cpp
  /exceeds the available context size/i,
  // LM Studio
  /greater than the context length|when context the overflows/i,
];

/** What errors are called that say so, beside their words. Sources: OpenAI, GitHub Copilot. */
const codes = /^(?:context_length_exceeded|model_max_prompt_tokens_exceeded)$/;
const codeInJson = /(?<!\\)"code": ?"context_length_exceeded"/;
/** LiteLLM's own name for it stands at the beginning. */
const ofLitellm = /^(?:litellm\.\w{1,40}: ){0,4}litellm\.ContextWindowExceededError\b/;

export interface ToldError {
  /** The codes and types that it has. */
  readonly names: readonly string[];
  /** All that was said, with what LiteLLM has around its provider's words. */
  readonly said: string;
  /** The provider's words. */
  readonly message: string;
}

/** Whether an error says that a request is longer than the model's context; not where it quotes a request that has such words. */
export function tellsContextLength({ names, said, message }: ToldError): boolean {
  if (names.some((name) => codes.test(name)) || codeInJson.test(said)) return true;
  if (hasWords(withoutQuotes(message))) return true;
  // LiteLLM looks for such words wherever they stand.
  return ofLitellm.test(said) && !hasWords(message);
}

function hasWords(text: string): boolean {
  return wordings.some((wording) => wording.test(text));
}
