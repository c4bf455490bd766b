import { describe, expect, test } from '@jest/globals';
import { matchCommand } from '../../../middleware/features/commands/match-command.ts';

describe('matchCommand', () => {
  test.each([
    ['/c', { name: 'c', args: '' }],
    ['/frontend:component  Button  red ', { name: 'frontend:component', args: 'Button  red' }],
    ['/c\nfirst\n\nsecond\n', { name: 'c', args: 'first\n\nsecond' }],
    ['/c\ttab', { name: 'c', args: 'tab' }],
    ['/mcp__server__prompt a', { name: 'mcp__server__prompt', args: 'a' }],
  ])('%j is a call from every client [CMD-7]', (text, call) => {
    expect([matchCommand(text, { isCodex: false }), matchCommand(text, { isCodex: true })]).toEqual([
      call,
      call,
    ]);
  });

  test.each([' /c x', ':c x', ' :c x', '$c x', ' $c x'])('%j is a call from Codex alone [CMD-7]', (text) => {
    expect(matchCommand(text, { isCodex: true })).toEqual({ name: 'c', args: 'x' });
    expect(matchCommand(text, { isCodex: false })).toBeUndefined();
  });

  test.each([
    '',
    '/',
    '//c',
    '/ c',
    '/usr/bin',
    '/c/d x',
    '  /c',
    'run /c',
    'x\n/c',
    '```\n/c\n```',
    '`/c`',
    '\n/c',
    ': c',
    '::/c',
    '\t/c',
    '$ c',
    'the $c',
    '$a/b',
  ])('%j is a call from no client [CMD-7]', (text) => {
    expect([matchCommand(text, { isCodex: false }), matchCommand(text, { isCodex: true })]).toEqual([
      undefined,
      undefined,
    ]);
  });
});
