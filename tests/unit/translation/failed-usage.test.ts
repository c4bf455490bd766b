import { expect, test } from '@jest/globals';
import { objectIn, type JsonObject } from '../../../middleware/kernel/json-object.ts';
import { chatProvider } from '../../../middleware/protocol/apis/chat/translation/provider.ts';
import { eventFrame, readEvent } from '../../../middleware/protocol/apis/common/read-event.ts';
import { messagesProvider } from '../../../middleware/protocol/apis/messages/translation/provider.ts';
import { responsesClient } from '../../../middleware/protocol/apis/responses/translation/client.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import type { ProviderTranslation } from '../../../middleware/protocol/translation/translation-codec.ts';
import { claude } from '../../support/strict/models.ts';

const error = { type: 'overloaded_error', message: 'Overloaded' };
const began = { type: 'message_start', message: { id: 'a', usage: { input_tokens: 30, output_tokens: 1 } } };
const told = { prompt_tokens: 30, completion_tokens: 1 };

/** The last event that a client of the Responses API gets of a stream. */
function lastOf(provider: ProviderTranslation, input: unknown, events: readonly JsonObject[]): JsonObject {
  const sides = { client: responsesClient, provider };
  const { request, names, traits } = translateRequest({ model: 'm', stream: true, input }, sides, claude({}));
  const reader = provider.openReader(names, traits);
  const writer = responsesClient.openWriter(request, 0);
  const read = [...events.flatMap((event) => reader.read(eventFrame(event))), ...reader.finish()];
  const frames = read.flatMap((event) => writer.write(event));
  return objectIn(frames.map((frame) => readEvent(frame)).at(-1));
}

const trigger = [{ type: 'compaction_trigger' }];

test.each([
  ['an error of Anthropic', messagesProvider, 'go', [began, { type: 'error', error }]],
  ['a stream of Anthropic that ends', messagesProvider, 'go', [began]],
  ['a summary that fails', messagesProvider, trigger, [began, { type: 'error', error }]],
  ['an empty summary', messagesProvider, trigger, [began, { type: 'message_stop' }]],
  ['an error of a chat', chatProvider, 'go', [{ choices: [], usage: told }, { error }]],
  ['a chat that ends', chatProvider, 'go', [{ choices: [], usage: told }]],
] as const)(
  '[OBS-1] [RT-4] a response that failed tells what was used: %s',
  (_name, provider, input, events) => {
    const { type, response } = lastOf(provider, input, events);
    expect(type).toBe('response.failed');
    expect(response).toMatchObject({ status: 'failed', usage: { input_tokens: 30, output_tokens: 1 } });
  },
);

test('[OBS-1] [RT-4] a response that failed before anything was used tells of nothing', () => {
  const { response } = lastOf(messagesProvider, 'go', [{ type: 'error', error }]);
  expect(response).toMatchObject({ status: 'failed', usage: null });
});
