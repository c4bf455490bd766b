import { describe, expect, test } from '@jest/globals';
import {
  scriptInvocation,
  scriptOutcome,
} from '../../../middleware/features/commands/expand/script-command.ts';
import { scriptHeader } from '../../../middleware/features/commands/find/script-header.ts';
import { commandWith } from './command-fixture.ts';

describe('scriptInvocation', () => {
  test('a script gets its context as JSON, half a minute and 64 KiB [CMD-3]', () => {
    const source = { ...commandWith().source, file: '/p/.claude/commands/c.js' };
    const command = commandWith({ kind: 'javascript', source, script: Buffer.from('made up') });
    const invocation = scriptInvocation(command, { args: '"a b" c', workspace: '/p', sessionId: 's' });
    expect(invocation).toEqual({
      interpreter: 'node',
      args: [expect.stringMatching(/javascript-runner\.ts$/), '/p/.claude/commands/c.js'],
      cwd: '/p',
      input: `${Buffer.from('made up').toString('base64')}\n{"args":"\\"a b\\" c","argv":["a b","c"],"workspace":"/p","sessionId":"s","command":"c"}`,
      timeoutMs: 30_000,
      maxOutputBytes: 65_536,
    });
  });
});

describe('scriptOutcome', () => {
  const end = {
    ending: 'exited',
    exitCode: 0,
    stdout: 'Do it\n\n',
    stderr: 'noise',
    summary: 'ended with exit code 0',
  } as const;

  test('what was printed is the prompt, one line break at its end taken off [CMD-3]', () => {
    expect(scriptOutcome(end)).toEqual({ kind: 'prompt', text: 'Do it\n' });
  });

  test('nothing printed is a failure [CMD-3]', () => {
    expect(scriptOutcome({ ...end, stdout: ' \n' })).toEqual({
      kind: 'failed',
      reason: 'gave no prompt: return a text, or print it',
    });
  });

  test('a failure tells how it ended and what was said, without secrets [CMD-3] [SEC-3]', () => {
    const failed = {
      ...end,
      exitCode: 1,
      stderr: 'no key sk-ant-abcdefgh12345678\n',
      summary: 'ended with exit code 1',
    };
    expect(scriptOutcome(failed)).toEqual({
      kind: 'failed',
      reason: 'ended with exit code 1:\nno key [redacted:anthropic-key]',
    });
  });

  test('half of a prompt is none [CMD-3]', () => {
    expect(scriptOutcome({ ...end, isCut: true })).toEqual({
      kind: 'failed',
      reason: 'wrote more than 64 KiB',
    });
  });
});

describe('scriptHeader', () => {
  test.each([
    ['// Fixes it\n// and more\nmodule.exports = 1', 'Fixes it\nand more'],
    ["#!/usr/bin/env node\n'use strict';\n\n/**\n * Fixes it\n * @x\n */\ncode", 'Fixes it\n@x'],
    ['#!/usr/bin/env python3\n"""Fixes it\n\nmore\n"""\nimport os', 'Fixes it\n\nmore'],
    ["'''Fixes it'''", 'Fixes it'],
    ['# Fixes it\nimport os\n# not this', 'Fixes it'],
    ['/*\n---\nallowed-tools: Read\n---\n*/', '---\nallowed-tools: Read\n---'],
    ['const a = 1; // no', ''],
    ['', ''],
  ])('%j begins with the comment %j [CMD-3]', (source, header) => {
    expect(scriptHeader(source)).toBe(header);
  });
});
