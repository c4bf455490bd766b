import OpenAI from 'openai';

function sdkThatGets(body: Buffer): OpenAI {
  const answered = new Response(new Uint8Array(body), { headers: { 'content-type': 'text/event-stream' } });
  return new OpenAI({ apiKey: 'none', fetch: () => Promise.resolve(answered), maxRetries: 0 });
}

/** What OpenAI's own SDK makes of a stream of the Responses API. Rejects for one that it cannot read, and for one that failed. */
export function responseByOpenai(body: Buffer): Promise<OpenAI.Responses.Response> {
  return sdkThatGets(body).responses.stream({ model: 'm', input: 'go' }).finalResponse();
}

/** The same of the Chat Completions API. */
export function completionByOpenai(body: Buffer): Promise<OpenAI.ChatCompletion> {
  const messages = [{ role: 'user', content: 'go' }] as const;
  return sdkThatGets(body)
    .chat.completions.stream({ model: 'm', messages: [...messages] })
    .finalChatCompletion();
}
