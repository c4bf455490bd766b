import { expect, test } from '@jest/globals';
import { headerValue } from '../../../middleware/kernel/headers.ts';
import type { Reply } from '../../../middleware/kernel/reply.ts';
import { addNotices, withNotices } from '../../../middleware/pipeline/notices.ts';
import { exchangeWith } from '../../support/made-up-exchange.ts';

const reply: Reply = {
  ...{ kind: 'reply', status: 200, headers: ['a', 'b'] },
  body: { kind: 'bytes', bytes: Buffer.alloc(0) },
};
const headerOf = (...notices: readonly string[]): string | undefined => {
  const exchange = exchangeWith();
  addNotices(exchange, notices);
  return headerValue(withNotices(reply, exchange).headers, 'x-codex-plus-notice');
};

test('a reply without notices is the same [MCP-4]', () => {
  const exchange = exchangeWith();
  addNotices(exchange, []);
  expect(withNotices(reply, exchange)).toBe(reply);
});

test.each([
  [['One.', 'Two.'], 'One. Two.'],
  [['a\r\nset-cookie: b=c'], 'a set-cookie: b=c'],
  [['späť \u0007', '…'], 'sp?? \\u{7} ...'],
])('notices are one header of letters that every client can read: %j [MCP-4] [SEC-3]', (notices, said) => {
  expect(headerOf(...notices)).toBe(said);
});

test('however much there is to tell, a head stays short [MCP-4]', () => {
  expect(headerOf('x'.repeat(5_000), 'y')?.length).toBeLessThan(1_010);
});
