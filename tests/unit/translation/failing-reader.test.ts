import { expect, test } from '@jest/globals';
import { translatedStream } from '../../../middleware/upstreams/translated/translated-stream.ts';
import { PushStream } from '../../../middleware/upstreams/transport/push-stream.ts';

const nothing = (): undefined => undefined;

test.each(['an event', 'the end'])(
  '[RT-4] a fault of ours at %s of a stream breaks that stream alone',
  (at) => {
    const source = new PushStream({ pause: nothing, resume: nothing, cancel: nothing });
    const fault = new Error('cannot be read');
    const fails = (): never => {
      throw fault;
    };
    const reader = at === 'an event' ? { read: fails, finish: () => [] } : { read: () => [], finish: fails };
    const stream = translatedStream(
      source,
      { reader, writer: { write: () => [] } },
      { maxEventBytes: 99, maxStreamBytes: 999 },
    );
    const heard: unknown[] = [];
    stream.deliver({
      data: () => true,
      end: () => heard.push('end'),
      fail: (error) => heard.push(error),
    });
    source.push(Buffer.from('data: {}\n\n'));
    if (at === 'the end') source.finish();
    expect(heard).toEqual([fault]);
  },
);

test('[RT-4] a stream that never ends is broken off at the limit for a whole answer', () => {
  let isCancelled = false;
  const source = new PushStream({
    pause: nothing,
    resume: nothing,
    cancel: () => {
      isCancelled = true;
    },
  });
  const stream = translatedStream(
    source,
    { reader: { read: () => [], finish: () => [] }, writer: { write: () => [] } },
    { maxEventBytes: 99, maxStreamBytes: 30 },
  );
  const heard: unknown[] = [];
  stream.deliver({
    data: () => true,
    end: () => heard.push('end'),
    fail: (error) => heard.push(error),
  });
  for (let count = 0; count < 4; count += 1) source.push(Buffer.from('data: {}\n\n'));
  expect(heard).toEqual([expect.objectContaining({ code: 'answer_too_large' })]);
  expect(isCancelled).toBe(true);
});
