import { expect, test } from '@jest/globals';
import { withWordsBefore } from '../../../middleware/protocol/conversation/with-words-before.ts';

const bytes = (item: unknown): Buffer => Buffer.from(JSON.stringify(item));
const system = { role: 'system', content: 'context' };

test('words of the user are a message of their own, and the one behind them keeps its bytes [HK-1] [PX-2]', () => {
  const message = bytes({ role: 'user', content: 'hi' });
  const words = { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'first' }] };
  expect(withWordsBefore('responses', [message, system], 'first')).toEqual([words, message, system]);
  const chat = withWordsBefore('chat', [message, system], 'first');
  expect(chat).toEqual([{ role: 'user', content: 'first' }, message, system]);
  expect(chat[1]).toBe(message);
});

test('an input that is a text alone becomes a message [HK-1]', () => {
  expect(withWordsBefore('responses', [bytes('hi')], 'first').at(-1)).toEqual({
    type: 'message',
    role: 'user',
    content: 'hi',
  });
});

test('the Messages API has them in the same message, in front of what it holds [HK-1]', () => {
  const first = { type: 'text', text: 'first' };
  const marked = { type: 'text', text: 'hi', cache_control: { type: 'ephemeral' } };
  const whole = [{ role: 'user', content: [first, marked] }];
  expect(withWordsBefore('messages', [bytes({ role: 'user', content: [marked] })], 'first')).toEqual(whole);
  const plain = [{ role: 'user', content: [first, { type: 'text', text: 'hi' }] }];
  expect(withWordsBefore('messages', [bytes({ role: 'user', content: 'hi' })], 'first')).toEqual(plain);
});
