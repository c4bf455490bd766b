import { expect, test } from '@jest/globals';
import { closeAll } from '../../../middleware/composition/close-all.ts';

const fails = (why: string) => (): Promise<void> => Promise.reject(new Error(why));
const throws = (why: string) => (): never => {
  throw new Error(why);
};

test('parts are closed one after the other, in their order', async () => {
  const told: string[] = [];
  const part = (name: string) => async (): Promise<void> => {
    told.push(`${name} begins`);
    await Promise.resolve();
    told.push(`${name} is closed`);
  };
  await closeAll([part('a'), () => undefined, part('b')]);
  expect(told).toEqual(['a begins', 'a is closed', 'b begins', 'b is closed']);
});

test.each([
  ['the first', [fails('x'), 'a', 'b'], 'x', ['a', 'b']],
  ['one in between, at once', ['a', throws('x'), 'b'], 'x', ['a', 'b']],
  ['the last', ['a', 'b', fails('x')], 'x', ['a', 'b']],
  ['several', [fails('x'), 'a', throws('y'), 'b'], 'Error: x; Error: y', ['a', 'b']],
])(
  'a part that cannot be closed keeps none from it, and is told at the end: %s',
  async (_, parts, message, closed) => {
    const ends: string[] = [];
    const closes = parts.map((part) => (typeof part === 'string' ? (): unknown => ends.push(part) : part));
    await expect(closeAll(closes)).rejects.toThrow(message);
    expect(ends).toEqual(closed);
  },
);
