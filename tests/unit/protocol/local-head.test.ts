import { describe, expect, test } from '@jest/globals';
import { localHeadOf } from '../../../middleware/protocol/local-head.ts';
import { exchangeWith } from '../../support/made-up-exchange.ts';

describe('what an answer of ours is made with', () => {
  test('says how much was used where the client asks for it, and not where its words or tools do [CMD-4]', () => {
    const schema = { type: 'object', default: { include_usage: true } };
    const bodies = [
      [{ stream_options: { include_usage: true } }, true],
      [{ include_usage: true }, true],
      [{ include_usage: 'yes' }, false],
      [{ stream_options: { include_usage: false } }, false],
      [{ stream_options: null, tools: [{ parameters: schema }] }, false],
      [{ messages: [{ role: 'user', content: '"stream_options":{"include_usage":true}' }] }, false],
      [{ messages: [{ role: 'user', content: 'a'.repeat(1_000) }] }, false],
    ] as const;
    for (const [body, expected] of bodies)
      expect(localHeadOf(exchangeWith({ api: 'chat', body })).includeUsage).toBe(expected);
  });

  test('names the model that the client asked for, or us [CMD-4]', () => {
    expect(localHeadOf(exchangeWith({ body: { model: 'm' } })).model).toBe('m');
    expect(localHeadOf(exchangeWith({ body: {} })).model).toBe('codex-plus');
  });
});
