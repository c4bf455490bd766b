import { describe, expect, test } from '@jest/globals';
import type { Api, ApiRequest } from '../../../middleware/kernel/exchange.ts';
import { effortOf } from '../../../middleware/protocol/effort.ts';

function effortIn(api: Api, body: object): string | undefined {
  return effortOf({ api, json: Buffer.from(JSON.stringify(body)) } as unknown as ApiRequest);
}

describe('the reasoning effort of a request', () => {
  test('stands where its API has it [CMD-2]', () => {
    expect(effortIn('responses', { model: 'm', reasoning: { summary: 'auto', effort: 'high' } })).toBe(
      'high',
    );
    expect(effortIn('chat', { reasoning_effort: 'low' })).toBe('low');
    expect(effortIn('messages', { output_config: { effort: 'medium' } })).toBe('medium');
  });

  test('is not known where none is asked for, or something else stands there [CMD-2]', () => {
    expect(effortIn('responses', { input: 'reasoning' })).toBeUndefined();
    expect(effortIn('responses', { reasoning: null })).toBeUndefined();
    expect(effortIn('chat', { reasoning_effort: null })).toBeUndefined();
    expect(effortIn('completions', { reasoning_effort: 'low' })).toBeUndefined();
  });
});
