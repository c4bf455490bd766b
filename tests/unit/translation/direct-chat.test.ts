import { describe, expect, test } from '@jest/globals';
import { objectIn, type JsonObject } from '../../../middleware/kernel/json-object.ts';
import { objectsIn } from '../../../middleware/protocol/apis/common/read-event.ts';
import { chatProvider } from '../../../middleware/protocol/apis/chat/translation/provider.ts';
import { responsesClient } from '../../../middleware/protocol/apis/responses/translation/client.ts';
import type { AnswerEvent } from '../../../middleware/protocol/translation/answer-event.ts';
import type { ModelTraits } from '../../../middleware/protocol/translation/model-traits.ts';
import { ToolNames } from '../../../middleware/protocol/translation/tool-names.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import { plainChat } from '../../support/strict/models.ts';

const tools = [{ type: 'function', name: 'look', parameters: { type: 'object', properties: {} } }];
const gemini = plainChat({ provider: 'gemini', reasons: true, isDirect: true });

function sent(traits: ModelTraits, more: JsonObject): JsonObject {
  const body = { model: 'm', stream: true, tools, ...more };
  return translateRequest(body, { client: responsesClient, provider: chatProvider }, traits).body;
}

/** A conversation that goes on behind the answer of a model. */
function wentOn(answer: JsonObject, traits: ModelTraits): readonly JsonObject[] {
  const user = { role: 'user', content: 'go' };
  const { request } = translateRequest(
    { model: 'm', tools, input: [user] },
    { client: responsesClient, provider: chatProvider },
    traits,
  );
  const events = chatProvider.readAnswer(answer, new ToolNames(request.tools), traits);
  const output = objectsIn(responsesClient.writeAnswer(events, request, 0)['output']);
  const results = output
    .filter(({ type }) => type === 'function_call')
    .map(({ call_id: callId }) => ({ type: 'function_call_output', call_id: callId, output: 'ok' }));
  return [user, ...output, ...results];
}

function answerWith(call: JsonObject): JsonObject {
  const calls = [{ id: 'c1', type: 'function', function: { name: 'look', arguments: '{}' }, ...call }];
  const message = { role: 'assistant', content: null, tool_calls: calls };
  return { id: 'a', model: 'm', choices: [{ index: 0, message, finish_reason: 'tool_calls' }] };
}

function lastTurn(body: JsonObject): JsonObject {
  return objectIn(objectsIn(body['messages']).find(({ role }) => role === 'assistant'));
}

const google = { extra_content: { google: { thought_signature: 'c2ln' } } };
const litellms = { provider_specific_fields: { thought_signature: 'c2ln' } };

describe('[RT-3] [RT-4] the signature of a call of Gemini', () => {
  test.each([
    ['Gemini itself', google, true],
    ['LiteLLM', litellms, false],
  ])('that %s gave goes back to both in the words of each', (_name, given, isDirect) => {
    const input = wentOn(answerWith(given), { ...gemini, isDirect });
    const [direct] = objectsIn(lastTurn(sent(gemini, { input }))['tool_calls']);
    expect(direct).toMatchObject({ id: 'c1', ...google });
    expect(direct).not.toHaveProperty('provider_specific_fields');
    const [through] = objectsIn(lastTurn(sent({ ...gemini, isDirect: false }, { input }))['tool_calls']);
    expect(through).toMatchObject({ id: 'c1', ...litellms });
    expect(through).not.toHaveProperty('extra_content');
  });
});

describe('[RT-3] [RT-4] a provider of chats that is called itself', () => {
  const asked = {
    ...{ input: 'go', parallel_tool_calls: false, max_output_tokens: 9 },
    reasoning: { effort: 'high' },
  };

  test.each([
    ['gemini', 'gemini-3', { reasoning_effort: 'high', max_tokens: 9 }],
    ['openrouter', 'x/y', { reasoning_effort: 'high', max_tokens: 9, parallel_tool_calls: false }],
    ['groq', 'gpt-oss', { max_tokens: 9, parallel_tool_calls: false }],
    ['deepseek', 'deepseek-reasoner', { max_tokens: 9, parallel_tool_calls: false }],
    ['openai', 'gpt-5.5', { max_completion_tokens: 9, parallel_tool_calls: false }],
    ['openai', 'gpt-4o', { max_tokens: 9, parallel_tool_calls: false }],
  ])('gets no member that it refuses: %s %s', (provider, providerModel, members) => {
    const body = sent({ ...gemini, provider, providerModel }, asked);
    const { messages, tools: offered } = body;
    const always = { model: 'm', stream: true, stream_options: { include_usage: true }, messages };
    expect(body).toEqual({ ...always, tools: offered, ...members });
  });

  test.each([
    ['deepseek', 'deepseek-reasoner', { thinking: { type: 'disabled' } }],
    ['gemini', 'gemini-3-pro-preview', { reasoning_effort: 'low' }],
    ['gemini', 'gemini-2.5-flash', { reasoning_effort: 'none' }],
    ['openrouter', 'x/y', { reasoning_effort: 'none' }],
    ['groq', 'gpt-oss', {}],
  ])('is told not to think as it takes it: %s %s', (provider, providerModel, members) => {
    const traits = { ...gemini, provider, providerModel };
    const { thinking, reasoning_effort: effort } = sent(traits, {
      input: 'go',
      reasoning: { effort: 'none' },
    });
    expect(JSON.parse(JSON.stringify({ thinking, reasoning_effort: effort }))).toEqual(members);
  });

  test.each([
    ['deepseek', 'Hm.'],
    ['gemini', undefined],
  ])('gets its reasoning back if it takes it: %s', (provider, back) => {
    const answer = answerWith({});
    const [choice = {}] = objectsIn(answer['choices']);
    const message = { ...objectIn(choice['message']), reasoning_content: 'Hm.' };
    const traits = { ...gemini, provider };
    const input = wentOn({ ...answer, choices: [{ ...choice, message }] }, traits);
    expect(lastTurn(sent(traits, { input }))['reasoning_content']).toBe(back);
  });
});

describe('[RT-3] [RT-4] calls of another model, at a provider that wants its thoughts back', () => {
  const call = (id: string): JsonObject => ({
    type: 'function_call',
    call_id: id,
    name: 'look',
    arguments: '{}',
  });
  const result = (id: string): JsonObject => ({ type: 'function_call_output', call_id: id, output: 'ok' });
  const user = { role: 'user', content: 'go' };
  const input = [user, call('a'), call('b'), result('a'), result('b')];

  test.each([
    ['deepseek', 'deepseek-reasoner', ' ', ' '],
    ['moonshot', 'kimi-k2-thinking', ' ', undefined],
    ['groq', 'gpt-oss', undefined, undefined],
    ['gemini', 'gemini-3-pro-preview', undefined, undefined],
  ])('have what stands for none: %s %s', (provider, providerModel, thought, behindText) => {
    const traits = { ...gemini, provider, providerModel };
    expect(lastTurn(sent(traits, { input }))['reasoning_content']).toBe(thought);
    const said = [user, { type: 'message', role: 'assistant', content: 'hi' }, user];
    expect(lastTurn(sent(traits, { input: said }))['reasoning_content']).toBe(behindText);
  });

  const unsigned = { google: { thought_signature: 'skip_thought_signature_validator' } };

  test.each([
    ['gemini', 'gemini-3-pro-preview', unsigned],
    ['gemini', 'models/gemini-3.1-flash', unsigned],
    ['gemini', 'gemini-flash-latest', unsigned],
    ['gemini', 'gemini-2.5-pro', undefined],
    ['gemini', 'gemini-1.5-flash', undefined],
    ['gemini', 'gemma-4', undefined],
    ['groq', 'gemini-3-pro-preview', undefined],
  ])('have a signature that stands for none on the first: %s %s', (provider, providerModel, signature) => {
    const calls = objectsIn(lastTurn(sent({ ...gemini, provider, providerModel }, { input }))['tool_calls']);
    expect(calls.map(({ extra_content: extra }) => extra)).toEqual([signature, undefined]);
  });

  test('keep the signature that Gemini gave', () => {
    const traits = { ...gemini, providerModel: 'gemini-3-pro-preview' };
    const [own] = objectsIn(
      lastTurn(sent(traits, { input: wentOn(answerWith(google), traits) }))['tool_calls'],
    );
    expect(own).toMatchObject(google);
  });
});

describe('[RT-3] [RT-4] an answer in the words of its provider', () => {
  const events = (answer: JsonObject): readonly AnswerEvent[] =>
    chatProvider.readAnswer(answer, new ToolNames([]), gemini);

  test('tells what DeepSeek had in its cache', () => {
    const usage = { prompt_tokens: 9, prompt_cache_hit_tokens: 7, completion_tokens: 1 };
    const choices = [{ index: 0, message: { content: 'ok' }, finish_reason: 'stop' }];
    expect(events({ choices, usage }).at(-1)).toMatchObject({
      usage: { inputTokens: 9, cachedInputTokens: 7 },
    });
  });

  test('has the texts of Mistral, which come in parts', () => {
    const content = [
      { type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] },
      { type: 'text', text: 'ok' },
    ];
    const read = events({ choices: [{ index: 0, message: { content }, finish_reason: 'stop' }] });
    expect(read).toContainEqual({ kind: 'text', delta: 'ok' });
  });
});
