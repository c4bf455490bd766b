import { expect, test } from '@jest/globals';
import { newLogin } from '../../../middleware/features/mcp/login/with-tokens.ts';

test('a token that ends later than dates go has no end [MCP-4]', () => {
  const endOf = (expires_in: number): string | undefined =>
    newLogin(
      'https://h/mcp',
      {
        tokens: { access_token: 'a', token_type: 'Bearer', expires_in },
        ...{ client: undefined, discovery: undefined },
      },
      new Date(0),
    ).expiresAt;
  expect(endOf(60)).toBe('1970-01-01T00:01:00.000Z');
  expect([endOf(1e300), endOf(Infinity)]).toEqual([undefined, undefined]);
});
