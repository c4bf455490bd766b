import { expect, test } from '@jest/globals';
import { withEnd } from '../../../middleware/http/gateway/with-end.ts';

function watched(body: ReadableStream<Uint8Array> | null): { readonly answer: Response; ends: number } {
  const told = { answer: new Response(), ends: 0 };
  told.answer = withEnd(new Response(body, { status: 202, headers: { 'x-a': 'b' } }), () => {
    told.ends += 1;
  });
  return told;
}

const bytes = (text: string): ReadableStream<Uint8Array> => new Blob([text]).stream();

test('an answer is the same, and tells once that it was read [MCP-2]', async () => {
  const told = watched(bytes('all'));
  expect([told.answer.status, told.answer.headers.get('x-a'), told.ends]).toEqual([202, 'b', 0]);
  expect([await told.answer.text(), told.ends]).toEqual(['all', 1]);
});

test('an answer without a body is over at once [MCP-2]', () => {
  expect(watched(null).ends).toBe(1);
});

test('an answer whose reader leaves is over [MCP-2]', async () => {
  const told = watched(bytes('all'));
  await told.answer.body?.cancel();
  expect(told.ends).toBe(1);
});

test('an answer that breaks is over [MCP-2]', async () => {
  const told = watched(
    new ReadableStream({
      pull: () => {
        throw new Error('it broke');
      },
    }),
  );
  await expect(told.answer.text()).rejects.toThrow('it broke');
  expect(told.ends).toBe(1);
});
