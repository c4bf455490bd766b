import { describe, expect, test } from '@jest/globals';
import { createAnswerTail, type AnswerTail } from '../../../middleware/protocol/answer-tail.ts';
import { SseCutter } from '../../../middleware/protocol/sse/sse-cutter.ts';
import {
  begun,
  chatEnd,
  chunk,
  completed,
  frame,
  messageEnd,
  messageStart,
} from '../../support/made-frames.ts';

const usage = { input_tokens: 3, output_tokens: 4 };
const failed = frame({ type: 'response.failed', response: { id: 'r', error: { code: 'c', message: 'no' } } });
const streams = [
  ['responses', [begun, frame({ type: 'x' }), completed()]],
  ['responses', [begun, failed]],
  ['responses', [begun, ': a comment\n\n', '\n', frame({ type: 'response.completed', response: { usage } })]],
  ['chat', [chunk({ content: 'hi' }), ...chatEnd]],
  ['chat', [chunk({ content: 'hi' }, 'stop', { usage: { prompt_tokens: 1, completion_tokens: 2 } })]],
  ['messages', [messageStart, ...messageEnd]],
  ['messages', ['event: error\ndata: {"type":"error","error":{"type":"t","message":"no"}}\n\n']],
] as const;

function tailOf(api: (typeof streams)[number][0]): AnswerTail {
  return createAnswerTail(api, 200, ['content-type', 'text/event-stream']);
}

/** The frames of a stream as those have it who read one, with what is left behind the last. */
function cut(bytes: Buffer): readonly Buffer[] {
  const frames: Buffer[] = [];
  const cutter = new SseCutter();
  cutter.feed(bytes, (raw) => frames.push(raw));
  return cutter.rest().length === 0 ? frames : [...frames, cutter.rest()];
}

describe('what an answer says in its frames', () => {
  test.each(streams)(
    'is what it says in its bytes, wherever it ends and whatever its line ends: %s %j [PX-4]',
    (api, frames) => {
      for (const lineEnd of ['\n', '\r\n', '\r']) {
        const whole = Buffer.from(frames.join('').replaceAll('\n', lineEnd));
        for (let end = 0; end <= whole.length; end += 1) {
          const bytes = whole.subarray(0, end);
          const [byBytes, byFrames] = [tailOf(api), tailOf(api)];
          byBytes.feed(bytes);
          for (const raw of cut(bytes)) byFrames.feedFrame(raw);
          const told = (tail: AnswerTail): unknown => [
            ...[tail.isComplete(), tail.isAtBoundary(), tail.sent(), tail.usage(), tail.failure()],
          ];
          expect(told(byFrames)).toEqual(told(byBytes));
        }
      }
    },
  );

  test('is kept as little of where one is too large, in frames or in bytes [PX-4] [PX-8]', () => {
    const large = Buffer.from(chunk({ content: 'x'.repeat(9 * 1024 * 1024) }));
    for (const feed of ['feed', 'feedFrame'] as const) {
      const tail = tailOf('chat');
      tail[feed](large);
      expect(tail.sent().last?.length).toBeLessThan(2_000);
    }
  });
});
