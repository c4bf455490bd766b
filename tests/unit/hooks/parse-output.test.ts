import { describe, expect, test } from '@jest/globals';
import { hookEvents, type HookEvent } from '../../../middleware/features/hooks/hook-event.ts';
import type { HookEnd } from '../../../middleware/features/hooks/answer/parse-output.ts';
import { answer, blockingEvents, decide } from '../../support/decide-hook.ts';

const success = { outcome: 'success' };
const denied = (reason: string) => ({ permission: { behavior: 'deny', reason } });
const blocked = (reason: string, cause: string) => ({ block: { reason, cause } });

const textual: readonly HookEvent[] = ['SessionStart', 'UserPromptSubmit', 'UserPromptExpansion'];

test('a hook that says nothing decides nothing, at every event [HK-1]', () => {
  for (const event of hookEvents) expect([event, decide(event, {})]).toEqual([event, success]);
});

describe('plain text on stdout', () => {
  test.each(hookEvents)('at %s [HK-1]', (event) => {
    const text = textual.includes(event) ? { text: 'note' } : {};
    const instructions = event === 'PreCompact' ? { instructions: 'note' } : {};
    expect(decide(event, { stdout: ' note\n', stderr: 'chatter' })).toEqual({
      ...success,
      ...text,
      ...instructions,
    });
  });

  test.each(['{bad json', '[1]', '"text"', 'true', 'some text\n{"decision":"block"}', '{"a":1} {"b":2}'])(
    '%j is text, not an answer [HK-1]',
    (stdout) => {
      expect(decide('UserPromptSubmit', { stdout })).toEqual({ ...success, text: stdout });
    },
  );

  test('is not for the model when the hook failed [HK-1]', () => {
    expect(decide('UserPromptSubmit', { stdout: 'note', exitCode: 3 })).toEqual({
      outcome: 'error',
      error: 'ended with exit code 3',
    });
  });
});

describe('exit code 2', () => {
  test.each(blockingEvents)('blocks at %s with what is on stderr [HK-1]', (event) => {
    expect(decide(event, { exitCode: 2, stdout: 'out', stderr: 'no\n' })).toEqual({
      outcome: 'error',
      ...blocked('[./check.sh]: no\n', 'exit-code'),
    });
  });

  test('denies a tool call, and refuses a compaction [HK-1]', () => {
    expect(decide('PreToolUse', { exitCode: 2, stderr: 'no\n' })).toEqual({
      outcome: 'error',
      ...denied('[./check.sh]: no\n'),
    });
    expect(decide('PreCompact', { exitCode: 2, stdout: 'out', stderr: 'no\n' })).toEqual({
      outcome: 'error',
      ...blocked('[./check.sh]: no\n', 'exit-code'),
    });
  });

  test('without a word on stderr says so [HK-1]', () => {
    expect(decide('Stop', { exitCode: 2, stdout: 'out' })).toMatchObject(
      blocked('[./check.sh]: No stderr output', 'exit-code'),
    );
  });

  test.each([
    'SessionStart',
    'SessionEnd',
    'Notification',
    'SubagentStart',
    'PermissionRequest',
    'Setup',
  ] as const)('is only reported at %s [HK-1]', (event) => {
    expect(decide(event, { exitCode: 2, stderr: 'no\n' })).toEqual({ outcome: 'error', error: 'no' });
  });

  test('blocks beside an answer that does not, and beside one that is void [HK-1]', () => {
    const end = { exitCode: 2, stderr: 'no' };
    expect(answer('PreToolUse', { systemMessage: 'm' }, end)).toEqual({
      outcome: 'error',
      ...denied('[./check.sh]: no'),
      systemMessage: 'm',
    });
    expect(answer('PostToolUse', { continue: 'no' }, end)).toEqual({
      outcome: 'error',
      ...blocked('[./check.sh]: no', 'exit-code'),
    });
  });
});

describe('any other failure lets things go on', () => {
  test.each<[string, Partial<HookEnd>, string, string]>([
    ['exit code 1', { exitCode: 1, stderr: 'oops\n' }, 'error', 'oops'],
    ['exit code 3, without a word', { exitCode: 3 }, 'error', 'ended with exit code 3'],
    ['not executable', { exitCode: 126, stderr: 'sh: Permission denied' }, 'error', 'sh: Permission denied'],
    ['not found', { exitCode: 127, stderr: 'sh: not found' }, 'error', 'sh: not found'],
    [
      'a signal',
      { ending: 'killed', exitCode: undefined, summary: 'was ended by SIGKILL' },
      'error',
      'was ended by SIGKILL',
    ],
    [
      'too much time',
      { ending: 'timed-out', exitCode: undefined, summary: 'did not end within 5 s' },
      'cancelled',
      'did not end within 5 s',
    ],
    [
      'a flood',
      { ending: 'flooded', exitCode: undefined, summary: 'wrote more than 9 bytes' },
      'error',
      'wrote more than 9 bytes',
    ],
    [
      'no start',
      { ending: 'not-started', exitCode: undefined, summary: 'was not found' },
      'error',
      'was not found',
    ],
  ])('%s [HK-1]', (_, end, outcome, error) => {
    for (const event of ['PreToolUse', 'UserPromptSubmit', 'Stop', 'SessionEnd'] as const) {
      expect(decide(event, end)).toEqual({ outcome, error });
    }
  });

  test.each<[string, Partial<HookEnd>]>([
    ['exit code 1', { exitCode: 1, stderr: 'oops' }],
    ['a signal', { ending: 'killed', exitCode: undefined, summary: 'oops' }],
    ['too much time', { ending: 'timed-out', exitCode: undefined, summary: 'oops' }],
    ['no start', { ending: 'not-started', exitCode: undefined, summary: 'oops' }],
  ])('%s blocks where the hook has onFailure: "block" [HK-1]', (_, end) => {
    expect(decide('PreToolUse', end, 'block')).toMatchObject(denied('[./check.sh]: oops'));
    expect(decide('UserPromptSubmit', end, 'block')).toMatchObject(blocked('[./check.sh]: oops', 'failure'));
    expect(decide('SessionStart', end, 'block')).toMatchObject({ error: 'oops' });
  });

  test('onFailure blocks on a void answer, not on a good one nor when nobody waits any more [HK-1]', () => {
    expect(decide('Stop', { stdout: '{"continue":1}' }, 'block')).toMatchObject({
      block: { cause: 'failure' },
    });
    expect(decide('Stop', { stdout: '{}', exitCode: 1 }, 'block')).toEqual({
      outcome: 'error',
      error: 'ended with exit code 1',
    });
    expect(
      decide('Stop', { ending: 'aborted', exitCode: undefined, summary: 'was stopped' }, 'block'),
    ).toEqual({
      outcome: 'cancelled',
      error: 'was stopped',
    });
  });
});
