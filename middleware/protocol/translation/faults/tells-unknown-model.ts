/** The words in which providers say that they have no model of the name that they are called with, by the status under which they do. */
const wordings: ReadonlyMap<number, readonly RegExp[]> = new Map([
  [
    404,
    [
      // Anthropic
      /(?:^|["' ])model: [\w.:@/-]{1,200}(?=$|["'\s])/,
      // OpenAI and most that speak its API
      /model_not_found|The model .{1,200} does not exist/,
      // Azure
      /DeploymentNotFound|API deployment for this resource does not exist/,
      // Gemini
      /models\/\S{1,200} is not found for API version/,
    ],
  ],
  [
    400,
    [
      /model_not_found/,
      // DeepSeek
      /Model Not Exist/,
      // OpenRouter
      /is not a valid model ID/,
      // Mistral
      /Invalid model: /,
    ],
  ],
]);

/** Whether a provider says that it has no such model: the configuration names it wrongly, and no client can help that. */
export function tellsUnknownModel(status: number, said: string): boolean {
  return wordings.get(status)?.some((wording) => wording.test(said)) ?? false;
}
