import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import type { SseFrame } from '../../../middleware/kernel/sse-frame.ts';
import { chatClient } from '../../../middleware/protocol/apis/chat/translation/client.ts';
import { chatProvider } from '../../../middleware/protocol/apis/chat/translation/provider.ts';
import {
  objectAt,
  objectsIn,
  readEvent,
  textAt,
} from '../../../middleware/protocol/apis/common/read-event.ts';
import { messagesClient } from '../../../middleware/protocol/apis/messages/translation/client.ts';
import { messagesProvider } from '../../../middleware/protocol/apis/messages/translation/provider.ts';
import { responsesClient } from '../../../middleware/protocol/apis/responses/translation/client.ts';
import { responsesProvider } from '../../../middleware/protocol/apis/responses/translation/provider.ts';
import type { AnswerEvent } from '../../../middleware/protocol/translation/answer-event.ts';
import { ToolNames } from '../../../middleware/protocol/translation/tool-names.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import type { ClientTranslation } from '../../../middleware/protocol/translation/translation-codec.ts';
import { messageByAnthropic } from '../../support/clients/read-by-anthropic.ts';
import { completionByOpenai, responseByOpenai } from '../../support/clients/read-by-openai.ts';
import { holds } from '../../support/fuzz.ts';
import { oddChatStream, oddClaudeStream, oddOpenaiStream } from '../../support/odd-answers.ts';
import { claude, openai, plainChat } from '../../support/strict/models.ts';
import { ToldByEvents } from '../../support/told-by-events.ts';

const names = new ToolNames([{ kind: 'custom', namespace: undefined, name: 'exec' }]);
const providers = [
  ['chat', chatProvider, plainChat({}), oddChatStream],
  ['messages', messagesProvider, claude({}), oddClaudeStream],
  ['responses', responsesProvider, openai({}), oddOpenaiStream],
] as const;

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether arguments are JSON that stops in its midst, or two values. */
function isHalfOrDouble(input: string): boolean {
  if (parses(input)) return false;
  const isHalf = ['}', ']', '"', '"}', '"]', ':1}'].some((rest) => parses(input + rest));
  const ends = [...input.matchAll(/[}\]"]/g)].map(({ index }) => index + 1);
  return isHalf || ends.some((end) => parses(input.slice(0, end)) && /^\s*["[{]/.test(input.slice(end)));
}

function readAll(
  [, provider, traits]: (typeof providers)[number],
  frames: readonly SseFrame[],
): readonly AnswerEvent[] {
  const reader = provider.openReader(names, traits);
  return [...frames.flatMap((frame) => reader.read(frame)), ...reader.finish()];
}

/** All texts that a stream of the chat API says before it is over. */
function saidIn(frames: readonly SseFrame[]): string {
  const over = frames.findIndex(({ data }) => data === '[DONE]');
  const read = over < 0 ? frames : frames.slice(0, over);
  return read
    .map((frame) => {
      const [choice = {}] = objectsIn(readEvent(frame)?.['choices']);
      const delta = objectAt(choice, 'delta');
      const parts = objectsIn(delta['content']).map((part) => textAt(part, 'text'));
      return textAt(delta, 'content') || parts.join('') || textAt(delta, 'refusal');
    })
    .join('');
}

const clients: readonly (readonly [ClientTranslation, JsonObject])[] = [
  [responsesClient, { model: 'm', input: 'go', stream: true }],
  [chatClient, { model: 'm', messages: [{ role: 'user', content: 'go' }], stream: true }],
  [messagesClient, { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'go' }], stream: true }],
];

function written([client, body]: (typeof clients)[number], events: readonly AnswerEvent[]): Buffer {
  const { request } = translateRequest(body, { client, provider: chatProvider }, plainChat({}));
  const writer = client.openWriter(request, 1);
  return Buffer.concat(events.flatMap((event) => writer.write(event)).map(({ raw }) => raw));
}

describe.each(providers.map((one) => [one[0], one] as const))(
  'random frames of the %s API',
  (api, provider) => {
    test('are read to an end: parts one behind the other, no call that is half, no text lost [RT-4]', () =>
      holds(
        [provider[3]],
        (frames) => {
          const { texts, calls } = new ToldByEvents(readAll(provider, frames));
          const halves = calls.filter(({ isCustom, input }) => !isCustom && isHalfOrDouble(input));
          expect(halves).toEqual([]);
          if (api === 'chat') expect(texts).toBe(saidIn(frames));
        },
        1_500,
      ));

    test('are what the SDKs of OpenAI and Anthropic read, for each client [RT-4]', () =>
      holds(
        [provider[3]],
        async (frames) => {
          const events = readAll(provider, frames);
          const told = new ToldByEvents(events);
          const isWhole = told.last === 'end';
          const [forResponses, forChat, forMessages] = clients.map((client) => written(client, events));
          if (forResponses === undefined || forChat === undefined || forMessages === undefined) return;
          const isOfObjects = told.calls.every(({ isObject }) => isObject);
          if (isWhole && isOfObjects) {
            const { content } = await messageByAnthropic(forMessages);
            expect(content.map((block) => (block.type === 'text' ? block.text : '')).join('')).toBe(
              told.texts,
            );
          } else await expect(messageByAnthropic(forMessages)).rejects.toThrow(Anthropic.AnthropicError);
          if (!isWhole) return;
          const response = await responseByOpenai(forResponses);
          const items = response.output.filter(
            ({ type }) => type === 'function_call' || type === 'custom_tool_call',
          );
          expect(items).toHaveLength(told.calls.length);
          expect(response.output_text).toBe(told.texts);
          const { choices } = await completionByOpenai(forChat);
          expect(choices[0]?.message.content ?? '').toBe(told.texts);
        },
        60,
      ));
  },
);
