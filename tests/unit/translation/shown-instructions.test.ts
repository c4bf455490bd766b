import { describe, expect, test } from '@jest/globals';
import { parseJsonObject, type JsonObject } from '../../../middleware/kernel/json-object.ts';
import { chatClient } from '../../../middleware/protocol/apis/chat/translation/client.ts';
import { chatProvider } from '../../../middleware/protocol/apis/chat/translation/provider.ts';
import { messagesClient } from '../../../middleware/protocol/apis/messages/translation/client.ts';
import { withTakenRoles } from '../../../middleware/protocol/apis/messages/translation/direct/taken-roles.ts';
import { messagesProvider } from '../../../middleware/protocol/apis/messages/translation/provider.ts';
import { responsesClient } from '../../../middleware/protocol/apis/responses/translation/client.ts';
import { responsesProvider } from '../../../middleware/protocol/apis/responses/translation/provider.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import type { ClientTranslation } from '../../../middleware/protocol/translation/translation-codec.ts';
import { claude, openai, plainChat } from '../../support/strict/models.ts';

const providers = [
  { provider: chatProvider, traits: plainChat({}) },
  { provider: messagesProvider, traits: claude({}) },
  { provider: responsesProvider, traits: openai({}) },
] as const;

const data = 'iVBORw0KGgoAAAANSUhEUg==';
const url = `data:image/png;base64,${data}`;
const block = { type: 'image', source: { type: 'base64', media_type: 'image/png', data } };
const pictures = {
  responses: { type: 'input_image', image_url: url },
  chat: { type: 'image_url', image_url: { url } },
} as const;
const file = { type: 'input_file', filename: 'notes.txt', file_data: 'data:text/plain;base64,Y2FudmFz' };
const reminder = '<system-reminder>\nThe following belongs to the instructions.\n</system-reminder>';

type Row = readonly [string, ClientTranslation, (shown: readonly JsonObject[]) => JsonObject, JsonObject];
const responses =
  (role: string) =>
  (content: readonly JsonObject[]): JsonObject => ({
    model: 'm',
    input: [
      { role, content },
      { role: 'user', content: 'go' },
      { role, content },
    ],
  });
const chat =
  (role: string) =>
  (content: readonly JsonObject[]): JsonObject => ({
    model: 'm',
    messages: [
      { role, content },
      { role: 'user', content: 'go' },
      { role, content },
    ],
  });
const clients: readonly Row[] = [
  ['developer of Responses', responsesClient, responses('developer'), pictures.responses],
  ['system of Responses', responsesClient, responses('system'), pictures.responses],
  ['developer of Chat Completions', chatClient, chat('developer'), pictures.chat],
  ['system of Chat Completions', chatClient, chat('system'), pictures.chat],
  [
    'system of Messages',
    messagesClient,
    (content) => ({
      ...{ model: 'm', max_tokens: 9, system: content },
      messages: [
        { role: 'user', content: 'go' },
        { role: 'system', content },
      ],
    }),
    block,
  ],
];

/** How often a text stands in a request. */
const count = (written: unknown, part: string): number => JSON.stringify(written).split(part).length - 1;

describe('[RT-4] a picture in instructions goes with what the user says', () => {
  test.each(clients)('with a text, and alone: %s', (_role, client, bodyOf, picture) => {
    for (const { provider, traits } of providers)
      for (const content of [[{ type: 'text', text: 'As drawn.' }, picture], [picture]]) {
        const { body } = translateRequest(bodyOf(content), { client, provider }, traits);
        expect(count(body, data)).toBe(2);
        expect(count(body, 'As drawn.')).toBe(content.length === 1 ? 0 : 2);
        expect(count(body, JSON.stringify(reminder).slice(1, -1))).toBe(2);
      }
  });

  test.each(clients)('and is told of to a model that takes none: %s', (_role, client, bodyOf, picture) => {
    for (const { provider, traits } of providers) {
      const { body } = translateRequest(
        bodyOf([picture]),
        { client, provider },
        { ...traits, takesImages: false },
      );
      expect(count(body, 'an image was left out')).toBe(2);
    }
  });

  test('and so does a file', () => {
    for (const { provider, traits } of providers) {
      const { body } = translateRequest(
        responses('developer')([file]),
        { client: responsesClient, provider },
        traits,
      );
      expect(count(body, 'notes.txt:\\ncanvas')).toBe(2);
    }
  });
});

test.each([
  [
    'Responses',
    responsesClient,
    {
      model: 'm',
      input: [
        { role: 'user', content: 'go' },
        { role: 'assistant', content: [pictures.responses] },
        { role: 'user', content: 'on' },
      ],
    },
  ],
  [
    'Chat Completions',
    chatClient,
    {
      model: 'm',
      messages: [
        { role: 'user', content: 'go' },
        { role: 'assistant', content: [pictures.chat] },
        { role: 'user', content: 'on' },
      ],
    },
  ],
])('[RT-4] a picture in a turn of the model is told of: %s', (_api, client, body) => {
  for (const { provider, traits } of providers)
    expect(
      count(
        translateRequest(body, { client, provider }, traits).body,
        '[left out: the model takes no image]',
      ),
    ).toBe(1);
});

test('[RT-4] a picture in what a search found is kept', () => {
  const result = { type: 'search_result', title: 'Drawings', source: 'a', content: [block] };
  const body = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: [result] }] };
  for (const { provider, traits } of providers)
    expect(count(translateRequest(body, { client: messagesClient, provider }, traits).body, data)).toBe(1);
});

describe('[RT-4] what a message of the role "system" has beside its texts, where the model takes none', () => {
  const rest = { type: 'text', text: 'As drawn.' };
  const taken = (body: JsonObject): JsonObject => {
    const json = Buffer.from(JSON.stringify(body));
    const head = { model: 'm', stream: false };
    const request = {
      api: 'messages',
      path: '/messages',
      headers: [],
      raw: json,
      json,
      contentEncoding: undefined,
      head,
    } as const;
    return parseJsonObject(withTakenRoles(request, { takesSystemTurns: false }).json.toString()) ?? {};
  };
  const shown = [{ type: 'text', text: reminder }, block];
  const unknown = { type: 'hologram' };

  test('stands behind what the user says', () => {
    const messages = [
      { role: 'user', content: 'go' },
      { role: 'system', content: [block] },
    ];
    const content = [{ type: 'text', text: 'go' }, ...shown];
    expect(taken({ messages })).toEqual({ messages: [{ role: 'user', content }] });
  });

  test('and where it comes first, behind what the user says first', () => {
    const messages = [
      { role: 'system', content: [rest, block, unknown] },
      { role: 'user', content: 'go' },
    ];
    const told = { type: 'text', text: '[left out: the model takes no hologram]' };
    const content = [{ type: 'text', text: 'go' }, ...shown, told];
    expect(taken({ system: 'Be brief.', messages })).toEqual({
      system: [{ type: 'text', text: 'Be brief.' }, rest],
      messages: [{ role: 'user', content }],
    });
  });

  test('and alone, as a turn of the user', () => {
    const messages = [{ role: 'system', content: [block] }];
    expect(taken({ messages })).toEqual({ messages: [{ role: 'user', content: shown }] });
  });
});
