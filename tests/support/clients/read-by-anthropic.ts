import Anthropic from '@anthropic-ai/sdk';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { messagesClient } from '../../../middleware/protocol/apis/messages/translation/client.ts';
import { frameBytes, parseFrame } from '../../../middleware/protocol/sse/sse-frame.ts';
import type { ModelTraits } from '../../../middleware/protocol/translation/model-traits.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import type { ProviderTranslation } from '../../../middleware/protocol/translation/translation-codec.ts';

interface Answered {
  readonly provider: ProviderTranslation;
  readonly traits: ModelTraits;
  /** The provider's stream. */
  readonly events: readonly JsonObject[];
}

/** What Anthropic's own SDK makes of a provider's stream that answers a request of the Messages API. */
export function readByAnthropic(
  request: JsonObject,
  { provider, traits, events }: Answered,
): Promise<Anthropic.Message> {
  const translated = translateRequest(request, { client: messagesClient, provider }, traits);
  const reader = provider.openReader(translated.names, traits);
  const writer = messagesClient.openWriter(translated.request, 1);
  const read = events.flatMap((event) => reader.read(parseFrame(frameBytes(JSON.stringify(event)))));
  const written = [...read, ...reader.finish()].flatMap((event) => writer.write(event));
  return messageByAnthropic(Buffer.concat(written.map(({ raw }) => raw)));
}

/** What it makes of a stream of the Messages API. Rejects for one that it cannot read, and for one that failed. */
export function messageByAnthropic(body: Buffer): Promise<Anthropic.Message> {
  const answered = new Response(new Uint8Array(body), { headers: { 'content-type': 'text/event-stream' } });
  const sdk = new Anthropic({ apiKey: 'none', fetch: () => Promise.resolve(answered), maxRetries: 0 });
  const messages = [{ role: 'user', content: 'go' }] as const;
  return sdk.messages.stream({ model: 'm', max_tokens: 1, messages: [...messages] }).finalMessage();
}
