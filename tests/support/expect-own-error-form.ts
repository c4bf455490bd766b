import { expect } from '@jest/globals';
import { headerOf, type RawAnswer } from './raw-client.ts';

/** Holds that an error of ours is one in the form of the API that was called. */
export function expectOwnErrorForm({ status, headers, body, isWhole }: RawAnswer, to: string): void {
  const isOurs = headerOf(headers, 'x-request-id') !== undefined && [502, 503, 504].includes(status);
  if (!isOurs) return;
  expect(isWhole).toBe(true);
  const error = { message: expect.any(String), type: expect.any(String) };
  expect(JSON.parse(body.toString())).toMatchObject(
    to === '/v1/messages' ? { type: 'error', error } : { error: { ...error, code: expect.any(String) } },
  );
}
