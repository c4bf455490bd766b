import { expect, test } from '@jest/globals';
import { chatProvider } from '../../../middleware/protocol/apis/chat/translation/provider.ts';
import { messagesProvider } from '../../../middleware/protocol/apis/messages/translation/provider.ts';
import { responsesClient as client } from '../../../middleware/protocol/apis/responses/translation/client.ts';
import { responsesProvider } from '../../../middleware/protocol/apis/responses/translation/provider.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import { askedOf, says, tools, typesOf } from '../../support/strict/asked-of-claude.ts';
import { claude, openai, plainChat } from '../../support/strict/models.ts';

test.each([
  [messagesProvider, { type: 'none' }],
  [chatProvider, 'none'],
] as const)(
  '[RT-4] a summary calls no tools, whatever stands behind the request for it',
  (provider, none) => {
    const input = [says('go'), { type: 'compaction_trigger' }, says('be brief', 'developer')];
    const { body } = translateRequest({ model: 'm', tools, input }, { client, provider }, claude({}));
    expect(body['tool_choice']).toEqual(none);
  },
);

test.each([
  ['Claude', messagesProvider, claude({})],
  ['a provider of chats', chatProvider, plainChat({})],
  ['OpenAI', responsesProvider, openai({})],
] as const)('[PX-6] a summary that is asked for by an item has no form, at %s', (_name, provider, traits) => {
  const input = [says('go'), { type: 'compaction_trigger' }];
  const schema = { type: 'object', properties: { verdict: { type: 'string' } }, required: ['verdict'] };
  for (const format of [{ type: 'json_schema', name: 'n', schema, strict: true }, { type: 'json_object' }]) {
    const asked = { model: 'm', text: { format }, tools, input };
    const { body } = translateRequest(asked, { client, provider }, traits);
    expect(JSON.stringify(body)).not.toMatch(/verdict|json/i);
  }
});

test('[RT-4] a tool that is not offered is not forced', () => {
  const traits = claude({ reasons: false });
  const forced = (name: string): unknown =>
    askedOf([says('go')], { tool_choice: { type: 'function', name } }, traits)['tool_choice'];
  expect([forced('exec_command'), forced('gone')]).toEqual([
    { type: 'tool', name: 'exec_command' },
    undefined,
  ]);
});

test.each([
  ['Claude', messagesProvider, claude({ reasons: false })],
  ['a provider of chats', chatProvider, plainChat({})],
  ['one of functions alone', responsesProvider, openai({})],
] as const)(
  '[RT-4] no tool is forced on a model that takes no such word, at %s',
  (_name, provider, traits) => {
    const chosen = (tool_choice: unknown, takesForcedTools: boolean): unknown =>
      translateRequest(
        { model: 'm', tools, input: [says('go')], tool_choice },
        { client, provider },
        { ...traits, takesForcedTools },
      ).body['tool_choice'];
    for (const choice of ['required', { type: 'function', name: 'exec_command' }]) {
      expect(chosen(choice, false)).toBeUndefined();
      expect(chosen(choice, true)).toBeDefined();
    }
    expect(JSON.stringify(chosen('none', false))).toContain('none');
  },
);

test.each([
  ['Claude', messagesProvider, claude({ reasons: false })],
  ['a provider of chats', chatProvider, plainChat({})],
  ['one of functions alone', responsesProvider, openai({})],
] as const)(
  '[RT-4] a search of the client that has to be called has its own name, at %s',
  (_name, provider, traits) => {
    const search = { type: 'tool_search', execution: 'client', parameters: {} };
    for (const tool_choice of [{ type: 'function', name: 'tool_search' }, { type: 'tool_search' }]) {
      const asked = { model: 'm', tools: [...tools, search], input: [says('go')], tool_choice };
      const { body } = translateRequest(asked, { client, provider }, traits);
      expect(JSON.stringify(body['tool_choice'])).toContain('"name":"tool_search"');
      expect(JSON.stringify(body['tools'])).toContain('"name":"tool_search"');
    }
  },
);

test.each([
  ['https://pictures.example/a.png', 'image'],
  ['http://pictures.example/a.png', 'text'],
])('[RT-4] a picture at %s goes to Claude as %s', (image_url, type) => {
  const picture = { role: 'user', content: [{ type: 'input_image', image_url }] };
  expect(typesOf(askedOf([picture]))).toEqual([['user', type]]);
});
