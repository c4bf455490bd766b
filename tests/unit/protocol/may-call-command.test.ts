import { describe, expect, test } from '@jest/globals';
import { stubMarker } from '../../../middleware/features/commands/stubs/skill-stub.ts';
import {
  mayCallCommand,
  mayNameResource,
} from '../../../middleware/protocol/conversation/may-call-command.ts';

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

describe('mayNameResource', () => {
  const inBody = (text: string): boolean => mayNameResource(Buffer.from(JSON.stringify({ input: text })));

  test.each(['@notes:a', 'see @notes:note://plan', 'see\n@my.notes:x', 'a\t@ä:b', 'a @b c@d @e:f'])(
    'sees that %j may name one [MCP-3]',
    (text) => {
      expect(inBody(text)).toBe(true);
    },
  );

  test.each([
    '',
    'me@notes:a',
    '@notes: a',
    '@notes:',
    '@:a',
    '@src/a.ts',
    '@Input() a: b',
    `@${'x'.repeat(300)}:a`,
  ])('sees that %j names none [MCP-3] [CMD-7]', (text) => {
    expect(inBody(text)).toBe(false);
  });
});
