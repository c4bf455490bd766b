import { expect, test } from '@jest/globals';
import type { Exchange } from '../../../middleware/kernel/exchange.ts';
import {
  createOfferToolsStage,
  type OfferToolsOptions,
} from '../../../middleware/pipeline/request/offer-tools.ts';

test('while nobody has an MCP server no byte of a request is looked at', () => {
  const unread = new Proxy(Buffer.alloc(0), {
    get: () => {
      throw new Error('the body was looked at');
    },
  });
  const exchange = { request: { api: 'responses', json: unread, raw: unread } } as unknown as Exchange;
  const stage = createOfferToolsStage({ haveServers: () => false } as OfferToolsOptions);
  expect(stage.run(exchange)).toBe(exchange);
});
