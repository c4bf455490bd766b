import { expect, test } from '@jest/globals';
import { HeldQueue } from '../../../middleware/pipeline/answer/held-queue.ts';
import { parseFrame } from '../../../middleware/protocol/sse/sse-frame.ts';

test('a call that was decided while nobody looked is waited for until it was taken [HK-2]', async () => {
  const queue = new HeldQueue();
  const frame = parseFrame(Buffer.from('data: {}\n\n'));
  queue.hold('0', { kind: 'held', frame, event: {} });
  queue.decide('0', Promise.resolve({ kind: 'released', input: undefined }));
  expect([...queue.take()]).toEqual([]);
  await queue.deciding;
  // Who looked before and waits now has to look again.
  expect(queue.deciding).toBeDefined();
  expect([...queue.take()]).toMatchObject([{ kind: 'call', key: '0' }]);
  expect(queue.deciding).toBeUndefined();
});
