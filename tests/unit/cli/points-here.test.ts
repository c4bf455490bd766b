import { describe, expect, test } from '@jest/globals';
import { pointsHere } from '../../../middleware/cli/instance/points-here.ts';

describe('pointsHere', () => {
  for (const [baseUrl, middlewareUrl, expected] of [
    ['http://127.0.0.1:3000/v1', 'http://127.0.0.1:3000', true],
    ['http://localhost:3000/v1/', 'http://127.0.0.1:3000', true],
    ['http://[::1]:3000/v1', 'http://127.0.0.1:3000', true],
    ['http://127.0.0.1:3001/v1', 'http://127.0.0.1:3000', false],
    ['http://proxy.example/v1', 'http://proxy.example:80', true],
    ['https://proxy.example/v1', 'http://proxy.example:443', true],
    ['http://proxy.example:3000/v1', 'http://127.0.0.1:3000', false],
    ['http://127.0.0.1.example:3000/v1', 'http://127.0.0.1:3000', false],
    ['no url', 'http://127.0.0.1:3000', false],
    [undefined, 'http://127.0.0.1:3000', false],
  ] as const) {
    test(`${baseUrl ?? 'no base URL'} ${expected ? 'leads' : 'does not lead'} to ${middlewareUrl} [CFG-4]`, () => {
      expect(pointsHere(baseUrl, middlewareUrl)).toBe(expected);
    });
  }
});
