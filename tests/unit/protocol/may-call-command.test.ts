import { describe, expect, test } from '@jest/globals';
import { stubMarker } from '../../../middleware/features/commands/stubs/skill-stub.ts';
import { mayCallCommand } from '../../../middleware/protocol/conversation/may-call-command.ts';

function body(text: string): string {
  return JSON.stringify({ model: 'm', input: [{ role: 'user', content: [{ type: 'input_text', text }] }] });
}

describe('mayCallCommand', () => {
  for (const text of [
    body('/help'),
    body(' /help'),
    body(':review now'),
    body(' :review now'),
    body('$review now'),
    body('/help').replace('"text":', '"text": '),
    body(`$review\n${stubMarker}\ncommand: review`),
    body(stubMarker).replaceAll('<', '\\u003c'),
    '{"model":"m","prompt":"/help"}',
  ]) {
    test(`a body with a call may hold one: ${text}`, () => {
      expect(mayCallCommand(Buffer.from(text))).toBe(true);
    });
  }

  for (const text of [
    body('see /help or :help or $help'),
    body('a "quoted": "/path" in the text'),
    body(''),
    '{"model":"m","input":[],"roots":{"/home/dev":{}},"paths":["/home/dev",":"]}',
    '{}',
  ]) {
    test(`a body without a call is passed over: ${text}`, () => {
      expect(mayCallCommand(Buffer.from(text))).toBe(false);
    });
  }
});
