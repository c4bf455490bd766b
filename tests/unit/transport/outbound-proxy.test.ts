import { describe, expect, test } from '@jest/globals';
import { createProxyResolver } from '../../../middleware/upstreams/transport/outbound-proxy.ts';

describe('the outbound proxy', () => {
  const proxyFor = createProxyResolver({ HTTP_PROXY: 'http://proxy.example:3128' });

  for (const [host, isDirect] of [
    ['localhost', true],
    ['localhost.', true],
    ['a.localhost', true],
    ['127.0.0.1', true],
    ['127.1.2.3', true],
    ['0177.0.0.1', true],
    ['2130706433', true],
    ['[::1]', true],
    ['[::ffff:127.0.0.1]', true],
    ['[::ffff:8.8.8.8]', false],
    ['127.0.0.1.example', false],
    ['notlocalhost', false],
  ] as const) {
    test(`is ${isDirect ? 'passed by' : 'used'} on the way to ${host} [RT-2]`, () => {
      expect(proxyFor(new URL(`http://${host}:4000/v1`)) === undefined).toBe(isDirect);
    });
  }
});
