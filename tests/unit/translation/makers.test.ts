import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { codecOf } from '../../../middleware/protocol/apis/codec-of.ts';
import { objectsIn } from '../../../middleware/protocol/apis/common/read-event.ts';
import { sealOriginal } from '../../../middleware/protocol/translation/original.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import { directTraits } from '../../../middleware/upstreams/provider/direct-traits.ts';
import { targetOfModel, type KnownTarget } from '../../../middleware/upstreams/translated/target-of-model.ts';
import { claude, openai, plainChat } from '../../support/strict/models.ts';

function target(...entries: readonly JsonObject[]): KnownTarget {
  const found = targetOfModel(entries.map((params) => ({ name: 'any', params, info: { mode: 'chat' } })));
  if (found === undefined) throw new Error('there is no target');
  return found;
}

const makerOf = (...entries: readonly JsonObject[]): string | undefined => target(...entries).traits.maker;
const minimax = { model: 'anthropic/MiniMax-M2', api_base: 'https://api.minimax.example/anthropic' };
const vllm = (port: number): JsonObject => ({
  model: 'hosted_vllm/qwen',
  api_base: `http://10.1.2.3:${port}/v1`,
});

describe('[RT-4] who makes the answers of a model', () => {
  test.each([
    [{ model: 'anthropic/claude-sonnet-5' }, 'anthropic'],
    [{ model: 'anthropic/claude-sonnet-5', api_base: 'https://api.anthropic.com' }, 'anthropic'],
    [{ model: 'bedrock/eu.anthropic.claude-sonnet-5' }, 'anthropic'],
    [{ model: 'azure_ai/claude-sonnet-5', api_base: 'https://mine.azure.example' }, 'anthropic'],
    [{ model: 'deepseek/deepseek-chat' }, 'deepseek'],
    [{ model: 'openai/deepseek-chat', api_base: 'https://api.deepseek.com' }, 'deepseek'],
    [{ model: 'openai/gpt-5' }, 'openai'],
  ])('is a provider at its own address, or at a cloud: %j', (params, maker) => {
    expect(makerOf(params)).toBe(maker);
  });

  test('is told apart by the address, which nobody can read out of it', () => {
    const makers = [makerOf(minimax), makerOf(vllm(1)), makerOf(vllm(2))];
    expect(new Set(makers).size).toBe(3);
    for (const maker of makers) expect(maker).toMatch(/^at-[\da-f]{16}$/);
    expect(makerOf({ model: 'openai/x', litellm_credential_name: 'mine' })).toMatch(/^at-/);
  });

  test('is the same whoever writes the address, in what way and with what credentials', () => {
    const ways = ['/', '/v1', '/v1/', '/v1/messages', '/v1?key=1'].map((end) => minimax.api_base + end);
    const own = 'https://user:secret@api.minimax.example/anthropic';
    for (const api_base of [...ways, own]) expect(makerOf({ ...minimax, api_base })).toBe(makerOf(minimax));
    expect(makerOf({ model: minimax.model, base_url: minimax.api_base })).toBe(makerOf(minimax));
    // A gateway has several behind one address.
    expect(makerOf({ ...minimax, model: 'gemini/x' })).not.toBe(makerOf({ ...minimax, model: 'openai/x' }));
  });

  test('are the replicas of one model, and no two models of one API', () => {
    const both = makerOf(vllm(1), vllm(2));
    expect(both).toMatch(/^at-/);
    expect(makerOf(vllm(2), vllm(1))).toBe(both);
    expect([makerOf(vllm(1)), makerOf(vllm(2))]).not.toContain(both);
    expect(makerOf(minimax, { model: 'anthropic/claude-sonnet-5' })).toBeUndefined();
    expect(makerOf({ model: 'anthropic/claude-a' }, { model: 'bedrock/claude-a' })).toBe('anthropic');
    expect(makerOf({ model: 'deepseek/a' }, { model: 'groq/a' })).toBeUndefined();
  });
});

describe('[RT-3] [RT-4] who makes them while LiteLLM is down', () => {
  const direct = (name: string, baseUrl: string, models?: object, told?: KnownTarget): string | undefined =>
    directTraits({ name, baseUrl, ...(models && { models: { any: 'm' } }) }, 'm', told).maker;

  test('is who is at the address, by whatever name', () => {
    const baseUrl = `${minimax.api_base}/v1`;
    expect(direct('minec', baseUrl, {}, target(minimax))).toBe(makerOf(minimax));
    const elsewhere = direct('mineb', 'https://other.example/anthropic/v1', {}, target(minimax));
    expect(new Set([elsewhere, makerOf(minimax), direct('minec', baseUrl, {})]).size).toBe(3);
    expect(elsewhere).toMatch(/^at-/);
    expect(direct('mine', 'https://api.deepseek.com/v1', {})).toBe('deepseek');
  });

  test('is the provider that LiteLLM has by its name, wherever the environment puts it', () => {
    const moved = 'http://127.0.0.1:1/v1';
    expect(direct('anthropic', moved)).toBe('anthropic');
    expect(direct('anthropic', moved, {}, target({ model: 'anthropic/m' }))).toBe('anthropic');
    const elsewhere = target({ model: 'anthropic/m', api_base: 'http://127.0.0.1:2' });
    expect(direct('anthropic', moved, {}, elsewhere)).toMatch(/^at-/);
  });

  test('is one of several that answered by its name', () => {
    const both = target({ model: 'hosted_vllm/m', api_base: 'http://a.example/v1' }, vllm(1));
    expect(direct('mine', 'http://a.example/v1', {}, both)).toBe(both.traits.maker);
  });
});

const thinkingBlock = { type: 'thinking', thinking: 'A secret thought.', signature: 'signed-by-one' };
const answers = {
  messages: { content: [thinkingBlock, { type: 'text', text: 'ok' }], stop_reason: 'end_turn' },
  chat: {
    choices: [
      { index: 0, message: { content: 'ok', reasoning_content: 'A secret thought.' }, finish_reason: 'stop' },
    ],
  },
  responses: {
    status: 'completed',
    output: [
      { type: 'reasoning', summary: [], encrypted_content: 'signed-by-one' },
      { type: 'message', content: [{ type: 'output_text', text: 'ok' }] },
    ],
  },
} as const;
const asked = {
  messages: { max_tokens: 9_000, thinking: { type: 'adaptive' } },
  chat: { reasoning_effort: 'low' },
  responses: { reasoning: { effort: 'low' } },
};
const models = {
  messages: claude({}),
  chat: plainChat({ provider: 'hosted_vllm', reasons: true }),
  responses: openai({}),
};

describe('[RT-4] what one made goes back to it, and to no other of its API', () => {
  test.each([
    ['responses', 'messages'],
    ['chat', 'messages'],
    ['responses', 'chat'],
    ['messages', 'chat'],
    ['messages', 'responses'],
  ] as const)('in the conversation of a client of %s at a provider of %s', (clientApi, providerApi) => {
    const client = codecOf(clientApi).clientTranslation;
    const provider = codecOf(providerApi).providerTranslation;
    if (client === undefined || provider === undefined) throw new Error('there is no translation');
    const list = clientApi === 'responses' ? 'input' : 'messages';
    const said = { role: 'user', content: 'hi' };
    const request = { model: 'any', ...asked[clientApi], [list]: [said] };
    const of = (maker: string) => ({ ...models[providerApi], maker });
    const begun = translateRequest(request, { client, provider }, of('one'));
    const events = provider.readAnswer(answers[providerApi], begun.names, begun.traits, begun.callIds);
    const answer = client.writeAnswer(events, begun.request, 0);
    const turn =
      clientApi === 'responses'
        ? objectsIn(answer['output'])
        : clientApi === 'chat'
          ? objectsIn(answer['choices']).map(({ message }) => message)
          : [{ role: 'assistant', content: answer['content'] }];
    const next = { ...request, [list]: [said, ...turn, said] };
    const sentTo = (maker: string): string =>
      JSON.stringify(translateRequest(next, { client, provider }, of(maker)).body);
    const isKept = (body: string): boolean =>
      body.includes(providerApi === 'chat' ? 'A secret thought.' : 'signed-by-one');
    expect(['one', 'two', 'anthropic', 'openai'].map((maker) => isKept(sentTo(maker)))).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  test('what says nothing of who made it is from before that was said, and goes to Claude itself', () => {
    const encrypted_content = sealOriginal({ origin: 'anthropic', blocks: [thinkingBlock] });
    const { clientTranslation: client } = codecOf('responses');
    const { providerTranslation: provider } = codecOf('messages');
    if (client === undefined || provider === undefined) throw new Error('there is no translation');
    const said = { role: 'user', content: 'hi' };
    const thought = { type: 'reasoning', summary: [], encrypted_content };
    const input = [said, thought, { role: 'assistant', content: 'ok' }, said];
    const request = { model: 'any', ...asked.responses, input };
    const sentTo = (maker: string | undefined): boolean =>
      JSON.stringify(translateRequest(request, { client, provider }, claude({ maker })).body).includes(
        'signed-by-one',
      );
    expect([sentTo('anthropic'), sentTo('at-0123'), sentTo(undefined)]).toEqual([true, false, false]);
  });
});
