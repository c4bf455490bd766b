import { describe, expect, test } from '@jest/globals';
import { messagesProvider } from '../../../middleware/protocol/apis/messages/translation/provider.ts';
import { responsesClient } from '../../../middleware/protocol/apis/responses/translation/client.ts';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import type { ModelTraits } from '../../../middleware/protocol/translation/model-traits.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import { claude } from '../../support/strict/models.ts';

const adaptive = claude({});
const budgeted = claude({ thinksAdaptively: false });
const tools = [{ type: 'function', name: 'exec_command', parameters: { type: 'object', properties: {} } }];

function written(traits: ModelTraits, more: JsonObject): JsonObject {
  const sent = { model: 'm', stream: true, input: 'go', tools, ...more };
  return translateRequest(sent, { client: responsesClient, provider: messagesProvider }, traits).body;
}

describe('[RT-4] Claude thinks as its client asks', () => {
  test.each([
    ['high', { type: 'adaptive', display: 'summarized' }, { effort: 'high' }],
    ['minimal', { type: 'adaptive', display: 'summarized' }, { effort: 'low' }],
    ['none', { type: 'disabled' }, undefined],
  ])('as long as it wants, with the effort %s', (effort, thinking, config) => {
    const body = written(adaptive, { reasoning: { effort } });
    expect([body['thinking'], body['output_config']]).toEqual([thinking, config]);
  });

  test('within a budget that leaves room for the answer', () => {
    const body = written(budgeted, { reasoning: { effort: 'xhigh' } });
    expect(body['thinking']).toEqual({ type: 'enabled', budget_tokens: 8_192 });
    expect(body['max_tokens']).toBe(32_000);
    const small = written(claude({ thinksAdaptively: false, usualMaxTokens: 9_000 }), {
      reasoning: { effort: 'max' },
    });
    expect([small['thinking'], small['max_tokens']]).toEqual([
      { type: 'enabled', budget_tokens: 16_384 },
      24_576,
    ]);
  });

  test('no further than the model goes', () => {
    const body = written(claude({ efforts: ['low', 'medium', 'high'] }), { reasoning: { effort: 'max' } });
    expect(body['output_config']).toEqual({ effort: 'high' });
  });

  test.each([
    ['as long as it wants', adaptive, { type: 'disabled' }],
    ['within a budget', budgeted, undefined],
  ])('not where a tool has to be called (%s)', (_name, traits, thinking) => {
    const body = written(traits, { reasoning: { effort: 'high' }, tool_choice: 'required' });
    expect(body['thinking']).toEqual(thinking);
    expect(body['tool_choice']).toEqual({ type: 'any' });
  });

  test('and is not forced where it cannot stop', () => {
    const traits = claude({ alwaysThinks: true, takesForcedTools: false });
    const body = written(traits, { reasoning: { effort: 'none' }, tool_choice: 'required' });
    expect(body['thinking']).toMatchObject({ type: 'adaptive' });
    expect(body['tool_choice']).toBeUndefined();
  });
});
