import { describe, expect, test } from '@jest/globals';
import { stubMarker } from '../../../middleware/features/commands/stubs/skill-stub.ts';
import { withoutStubs } from '../../../middleware/pipeline/request/commands/without-stubs.ts';
import { Conversation } from '../../../middleware/protocol/conversation/conversation.ts';
import { exchangeWith } from '../../support/made-up-exchange.ts';

const message = (text: string): object => ({
  type: 'message',
  role: 'user',
  content: [{ type: 'input_text', text }],
});
const skill = (text: string): object => message(`<skill>\n<name>fix</name>\n${text}\n</skill>`);
const without = (request: ReturnType<typeof requestWith>): typeof request => {
  const conversation = Conversation.of(request);
  return conversation === undefined ? request : withoutStubs(conversation).writtenTo(request);
};
const requestWith = (...input: readonly object[]): ReturnType<typeof exchangeWith>['request'] =>
  exchangeWith({ body: { model: 'm', input } }).request;

describe('withoutStubs', () => {
  test('a title is asked for without the skill that stands for a command [CMD-6]', () => {
    const asked = message('Generate a title.\n\n$fix it');
    const request = requestWith(asked, skill(`${stubMarker}\ncommand: fix`));
    expect(without(request).json.toString()).toBe(JSON.stringify({ model: 'm', input: [asked] }));
  });

  test('skills of the user, and what only speaks of the mark, stay: the same request comes back [CMD-6]', () => {
    for (const request of [
      requestWith(message('$fix it'), skill('Fix it well.')),
      requestWith(message(`What is ${stubMarker}?`)),
      requestWith({ type: 'function_call_output', call_id: '1', output: `<skill>${stubMarker}` }),
    ]) {
      expect(without(request)).toBe(request);
    }
  });
});
