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
  [['späť \u0007', '…'], 'sp%C3%A4%C5%A5 \\u{7} ...'],
  [['server "ünï" at 100%'], 'server "%C3%BCn%C3%AF" at 100%25'],
])('notices are one header of letters that every client can read: %j [MCP-4] [SEC-3]', (notices, said) => {
  expect(headerOf(...notices)).toBe(said);
});

test('what stands in a head can be read as it was told [MCP-4]', () => {
  const told = 'MCP servers "ünï", "サーバー", "100%" and "😀" failed.';
  expect(decodeURIComponent(headerOf(told) ?? '')).toBe(told);
});

test.each(['x', 'ü', '😀', 'サx'])('however much %j there is to tell, a head stays short [MCP-4]', (text) => {
  for (let before = 0; before < 12; before += 1) {
    const said = headerOf('y'.repeat(before) + text.repeat(5_000), 'y') ?? '';
    expect(said.length).toBeLessThanOrEqual(1_000);
    expect(said.length).toBeGreaterThan(980);
    expect(said).toMatch(/[xy\dA-F]\.\.\.$/);
    // Nothing is cut in the midst of a letter.
    expect(decodeURIComponent(said)).not.toContain('\uFFFD');
  }
});
