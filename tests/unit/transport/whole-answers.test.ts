import { expect, test } from '@jest/globals';
import type { ByteStream } from '../../../middleware/kernel/byte-stream.ts';
import { bytesStream, brokenStream } from '../../../middleware/upstreams/transport/bytes-stream.ts';
import { PushStream } from '../../../middleware/upstreams/transport/push-stream.ts';
import { readShort } from '../../../middleware/upstreams/transport/read-short.ts';
import { throughFilter, type BytesFilter } from '../../../middleware/upstreams/words/through-filter.ts';

const nobody = { pause: () => undefined, resume: () => undefined, cancel: () => undefined };
const none = Buffer.alloc(0);
const same = (error: Error): Error => error;

/** What a reader gets: the bytes, and the error that ends them. */
async function readAll(stream: ByteStream): Promise<string> {
  let text = '';
  try {
    for await (const chunk of stream) text += chunk.toString();
    return text;
  } catch (error) {
    return `${text} then ${(error as Error).message}`;
  }
}

/** The same bytes, pushed while their reader waits for them. */
function pushedLater(text: string): ByteStream {
  const stream = new PushStream(nobody);
  setImmediate(() => {
    if (text !== '') stream.push(Buffer.from(text));
    stream.finish();
  });
  return stream;
}

const filters: readonly (readonly [name: string, make: () => BytesFilter])[] = [
  ['that passes all', () => ({ take: (chunk) => chunk, rest: () => none })],
  ['that holds all', () => holding((bytes) => bytes)],
  ['that writes anew', () => holding((bytes) => Buffer.from(bytes.toString().toUpperCase()))],
  ['that adds', () => ({ take: (chunk) => chunk, rest: () => Buffer.from('!') })],
  ['that fails at once', () => ({ take: () => fail('taken'), rest: () => none })],
  ['that fails at the end', () => ({ take: (chunk) => chunk, rest: () => fail('rest') })],
];

function holding(write: (bytes: Buffer) => Buffer): BytesFilter {
  const held: Buffer[] = [];
  return {
    take: (chunk) => {
      held.push(chunk);
      return none;
    },
    rest: () => write(Buffer.concat(held)),
  };
}

function fail(word: string): never {
  throw new Error(word);
}

test.each(filters)(
  'a filter %s makes the same of an answer that is whole and of one that comes',
  async (_, make) => {
    for (const text of ['{"a":1}', 'x', '']) {
      const whole = await readAll(throughFilter(bytesStream(Buffer.from(text)), make(), same));
      const came = await readAll(throughFilter(pushedLater(text), make(), same));
      expect(whole).toBe(came);
    }
  },
);

test('what two filters made of a whole answer is whole', () => {
  const passed = throughFilter(
    bytesStream(Buffer.from('{}')),
    holding((bytes) => bytes),
    same,
  );
  expect(
    throughFilter(
      passed,
      holding((bytes) => bytes),
      same,
    ).whole?.toString(),
  ).toBe('{}');
});

test('an answer that comes, that broke, that is read or given up is not whole', () => {
  const coming = new PushStream(nobody);
  coming.push(Buffer.from('{'));
  expect(coming.whole).toBeUndefined();
  expect(brokenStream(Buffer.from('{'), new Error('gone')).whole).toBeUndefined();
  const read = bytesStream(Buffer.from('{}'));
  read.deliver({ data: () => false, end: () => undefined, fail: () => undefined });
  expect(read.whole).toBeUndefined();
  const given = bytesStream(Buffer.from('{}'));
  given.cancel();
  expect(given.whole).toBeUndefined();
});

test('an answer of several pieces is none that is whole: where it was cut counts for whoever bounds what is held', async () => {
  const stream = new PushStream(nobody);
  for (const piece of ['{"a"', ':', '1}']) stream.push(Buffer.from(piece));
  stream.finish();
  expect(stream.whole).toBeUndefined();
  expect(await readAll(stream)).toBe('{"a":1}');
});

test('a whole answer is short where it has no more than the bound', async () => {
  const text = '{"a":1}';
  const short = await readShort(bytesStream(Buffer.from(text)), text.length);
  expect(short.bytes?.toString()).toBe(text);
  expect(await readAll(short.body)).toBe(text);
  const long = await readShort(bytesStream(Buffer.from(text)), text.length - 1);
  expect(long.bytes).toBeUndefined();
  expect(await readAll(long.body)).toBe(text);
});
