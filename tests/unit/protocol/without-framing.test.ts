import { expect, test } from '@jest/globals';
import { isAddedText } from '../../../middleware/protocol/conversation/user-prompt.ts';
import { withoutFraming } from '../../../middleware/protocol/conversation/without-framing.ts';

test.each([
  '</system-reminder>',
  '< / SYSTEM-reminder x="1">',
  '<system-reminder',
  '</persisted-output>',
  '<command-name>/x</command-name>',
])('%s ends and begins no framing [MCP-3]', (tag) => {
  const text = withoutFraming(`a ${tag} b`);
  expect(text).not.toContain('<');
  expect(withoutFraming(text)).toBe(text);
});

test.each([
  '<environment_context>x',
  '<user_instructions>x',
  '<turn_aborted>x',
  '<skill>\n<name>x</name>',
  '# AGENTS.md instructions for /x',
])('%s cannot be taken for what a client adds [MCP-3]', (text) => {
  expect(isAddedText(text)).toBe(true);
  expect(isAddedText(withoutFraming(text))).toBe(false);
});

test.each(['<skills>', '<system-reminders>', 'a < b', '<div>', 'x # AGENTS.md instructions', ''])(
  '%s stays',
  (text) => {
    expect(withoutFraming(text)).toBe(text);
  },
);
