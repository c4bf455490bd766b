/** The words in which providers say that a request is longer than the model's context. */
const wordings = [
  // Anthropic
  /prompt is too long/i,
  /input length and `?max_tokens`? exceed context limit/i,
  // OpenAI, DeepSeek and most that speak their API
  /maximum context length/i,
  /exceeds? the context window/i,
  /context[_ ]length[_ ]exceeded/i,
  // Gemini
  /input token count.{0,40}exceeds the maximum/i,
  // LiteLLM
  /ContextWindowExceededError/,
];

export function tellsContextLength(message: string): boolean {
  return wordings.some((wording) => wording.test(message));
}
