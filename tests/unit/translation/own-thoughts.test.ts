import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { chatProvider } from '../../../middleware/protocol/apis/chat/translation/provider.ts';
import { objectsIn } from '../../../middleware/protocol/apis/common/read-event.ts';
import { messagesProvider } from '../../../middleware/protocol/apis/messages/translation/provider.ts';
import { responsesClient as client } from '../../../middleware/protocol/apis/responses/translation/client.ts';
import { sealOriginal, type Original } from '../../../middleware/protocol/translation/original.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import { claude, plainChat } from '../../support/strict/models.ts';

const says = (text: string): JsonObject => ({ role: 'user', content: text });
const thought = (original: Original): JsonObject => ({
  type: 'reasoning',
  summary: [],
  encrypted_content: sealOriginal(original),
});
const ran = (call_id: string): readonly JsonObject[] => [
  { type: 'function_call', call_id, name: 'exec_command', arguments: '{}' },
  { type: 'function_call_output', call_id, output: 'done' },
];
const asked = (input: readonly JsonObject[]): JsonObject => ({
  ...{ model: 'm', reasoning: { effort: 'medium' }, input },
  tools: [{ type: 'function', name: 'exec_command', parameters: {} }],
});

describe('[RT-4] what a provider thought goes back to that provider alone', () => {
  const reasoning = { message: { reasoning_content: 'hm' }, calls: {} };
  const signature = { message: {}, calls: { call_1: { thought_signature: 'signed' } } };
  const [call = {}, result = {}] = ran('call_1');
  const of = (provider: string, block: JsonObject): JsonObject =>
    thought({ origin: 'openai-compatible', provider, blocks: [block] });
  const turnFor = (provider: string, input: readonly JsonObject[]): JsonObject | undefined => {
    const traits = plainChat({ provider, reasons: true });
    const { body } = translateRequest(asked(input), { client, provider: chatProvider }, traits);
    return objectsIn(body['messages']).find(({ role }) => role === 'assistant');
  };

  test.each([
    ['deepseek', 'deepseek', { reasoning_content: 'hm' }],
    ['deepseek', 'gemini', {}],
    ['gemini', 'groq', {}],
    ['groq', 'groq', {}],
    ['mistral', 'mistral', {}],
    ['moonshot', 'moonshot', { reasoning_content: 'hm' }],
  ])('reasoning of %s on the way to %s', (from, to, expected) => {
    const { role, content, tool_calls, ...rest } =
      turnFor(to, [says('go'), of(from, reasoning), call, result]) ?? {};
    expect([role, content, objectsIn(tool_calls)]).toEqual(['assistant', null, [expect.anything()]]);
    expect(rest).toEqual(expected);
  });

  test.each([
    ['gemini', 'gemini', true],
    ['gemini', 'deepseek', false],
  ])('signatures of %s on the way to %s', (from, to, goesBack) => {
    const turn = turnFor(to, [says('go'), call, of(from, signature), result]);
    expect(JSON.stringify(turn).includes('signed')).toBe(goesBack);
  });

  test('of what LiteLLM has beside an answer, the signatures alone go back', () => {
    const fields = { thought_signatures: ['signed'], citations: ['c'], refusal: null };
    const block = {
      message: { provider_specific_fields: fields },
      calls: { call_1: { thought_signature: 's', index: 1 } },
    };
    const turn = turnFor('gemini', [says('go'), call, of('gemini', block), result]);
    expect(turn?.['provider_specific_fields']).toEqual({ thought_signatures: ['signed'] });
    expect(objectsIn(turn?.['tool_calls'])).toMatchObject([
      { provider_specific_fields: { thought_signature: 's' } },
    ]);
    expect(JSON.stringify(turn)).not.toContain('index');
  });
});

test('[RT-4] Claude goes on thinking within its budget behind a step for which it did not think', () => {
  const own = thought({
    origin: 'anthropic',
    blocks: [{ type: 'thinking', thinking: 'hm', signature: 's' }],
  });
  const input = [says('go'), own, ...ran('call_1'), ...ran('call_2')];
  const traits = claude({ thinksAdaptively: false });
  const { body } = translateRequest(asked(input), { client, provider: messagesProvider }, traits);
  expect(body['thinking']).toMatchObject({ type: 'enabled' });
  expect(JSON.stringify(body['messages'])).toContain('"signature":"s"');
});
