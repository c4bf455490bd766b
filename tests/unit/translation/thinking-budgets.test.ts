import { describe, expect, test } from '@jest/globals';
import { chatClient } from '../../../middleware/protocol/apis/chat/translation/client.ts';
import { takenThinking } from '../../../middleware/protocol/apis/messages/translation/direct/taken-thinking.ts';
import { messagesClient } from '../../../middleware/protocol/apis/messages/translation/client.ts';
import { chatProvider } from '../../../middleware/protocol/apis/chat/translation/provider.ts';
import { messagesProvider } from '../../../middleware/protocol/apis/messages/translation/provider.ts';
import { responsesClient } from '../../../middleware/protocol/apis/responses/translation/client.ts';
import { responsesProvider } from '../../../middleware/protocol/apis/responses/translation/provider.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import { claude, openai, plainChat } from '../../support/strict/models.ts';

const messages = [{ role: 'user', content: 'go' }];
const enabled = (budget_tokens: number): object => ({ type: 'enabled', budget_tokens });
const outside = (): boolean => false;

describe('[RT-4] an effort is the same number of tokens to think with', () => {
  const traits = claude({ thinksAdaptively: false, providerModel: 'claude-sonnet-4-5' });

  test.each([
    ['low', 1_024],
    ['medium', 2_048],
    ['high', 4_096],
    ['xhigh', 8_192],
    ['max', 16_384],
  ])('for clients of each API, translated or not: %s', (effort, tokens) => {
    const asked = { max_tokens: 40_000, thinking: { type: 'adaptive' }, output_config: { effort } };
    const written = [
      translateRequest(
        { model: 'm', input: 'go', reasoning: { effort } },
        { client: responsesClient, provider: messagesProvider },
        traits,
      ).body,
      translateRequest(
        { model: 'm', messages, reasoning_effort: effort },
        { client: chatClient, provider: messagesProvider },
        traits,
      ).body,
      takenThinking(asked, traits, outside),
    ];
    expect(written.map(({ thinking }) => thinking)).toEqual(written.map(() => enabled(tokens)));
  });
});

describe('[RT-4] tokens to think with are the same effort', () => {
  test.each([
    [1_024, 'low', 'low'],
    [2_047, 'low', 'low'],
    [2_048, 'medium', 'medium'],
    [4_096, 'high', 'high'],
    [8_191, 'high', 'high'],
    [10_000, 'xhigh', 'high'],
    [31_999, 'xhigh', 'high'],
  ])('of %i at Claude, translated or not, and at others', (tokens, ofClaude, ofOthers) => {
    const traits = claude({ providerModel: 'claude-opus-5' });
    const asked = { max_tokens: 40_000, thinking: enabled(tokens) };
    const own = takenThinking(asked, traits, outside);
    const chat = { model: 'm', messages, thinking: enabled(tokens) };
    const translated = translateRequest(
      chat,
      { client: chatClient, provider: messagesProvider },
      traits,
    ).body;
    for (const body of [own, translated]) expect(body['output_config']).toEqual({ effort: ofClaude });

    const efforts = ['low', 'medium', 'high', 'xhigh'];
    const sent = { model: 'm', messages, ...asked };
    const sides = { client: messagesClient, provider: responsesProvider };
    expect(translateRequest(sent, sides, openai({ efforts })).body['reasoning']).toMatchObject({
      effort: ofOthers,
    });
    const chats = translateRequest(
      sent,
      { client: messagesClient, provider: chatProvider },
      plainChat({ reasons: true, efforts }),
    );
    expect(chats.body['reasoning_effort']).toBe(ofOthers);
  });

  test('but where an effort is named beside them, that counts', () => {
    const sent = { model: 'm', messages, thinking: enabled(31_999), reasoning_effort: 'low' };
    const { body } = translateRequest(sent, { client: chatClient, provider: messagesProvider }, claude({}));
    expect(body['output_config']).toEqual({ effort: 'low' });
  });
});
