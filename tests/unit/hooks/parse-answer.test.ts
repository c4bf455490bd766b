import { describe, expect, test } from '@jest/globals';
import { hookEvents, type HookEvent } from '../../../middleware/features/hooks/hook-event.ts';
import { answer, blockingEvents, decide } from '../../support/decide-hook.ts';

const success = { outcome: 'success' };
const denied = (reason: string) => ({ permission: { behavior: 'deny', reason } });
const blocked = (reason: string, cause: string) => ({ block: { reason, cause } });

const stopping: readonly HookEvent[] = [
  ...blockingEvents.filter((e) => e !== 'PostToolUseFailure'),
  'PreToolUse',
];
const withContext: readonly HookEvent[] = [
  ...blockingEvents,
  'PreToolUse',
  'SessionStart',
  'SubagentStart',
  'Setup',
];
describe('an answer', () => {
  test.each(blockingEvents)('blocks at %s, by default with a reason of ours [HK-1]', (event) => {
    expect(answer(event, { decision: 'block', reason: 'no' })).toEqual({
      ...success,
      ...blocked('no', 'answer'),
    });
    expect(answer(event, { decision: 'block' })).toEqual({
      ...success,
      ...blocked('Blocked by hook', 'answer'),
    });
  });

  test('refuses a compaction by the name of the hook [HK-1]', () => {
    expect(answer('PreCompact', { decision: 'block', reason: 'no' })).toEqual({
      ...success,
      ...blocked('[./check.sh]: no', 'answer'),
    });
    expect(answer('PreCompact', { decision: 'block' })).toEqual({
      ...success,
      ...blocked('[./check.sh]', 'answer'),
    });
  });

  test('that does not refuse a compaction is taken as instructions, its text as it is [HK-1]', () => {
    expect(answer('PreCompact', { continue: false })).toEqual({
      ...success,
      instructions: '{"continue":false}',
    });
  });

  test.each(['SessionStart', 'SubagentStart', 'SessionEnd', 'Notification', 'PermissionRequest'] as const)(
    'cannot block at %s [HK-1]',
    (event) => {
      expect(answer(event, { decision: 'block', reason: 'no' })).toEqual(success);
    },
  );

  test.each(hookEvents)('ends the turn with continue: false, or not, at %s [HK-1]', (event) => {
    const said = answer(event, { continue: false, stopReason: 'enough' });
    const silent = answer(event, { continue: false });
    const instructions = event === 'PreCompact' ? { instructions: expect.any(String) } : {};
    const stops = stopping.includes(event);
    expect(said).toEqual({ ...success, ...instructions, ...(stops && { stop: { reason: 'enough' } }) });
    expect(silent).toEqual({ ...success, ...instructions, ...(stops && { stop: {} }) });
  });

  test.each(withContext)('adds context at %s [HK-1]', (event) => {
    const value = { hookSpecificOutput: { hookEventName: event, additionalContext: 'note' } };
    expect(answer(event, value)).toEqual({ ...success, additionalContext: 'note' });
  });

  test.each(['PreCompact', 'SessionEnd', 'Notification'] as const)(
    'with an event of its own is void at %s [HK-1]',
    (event) => {
      const value = { hookSpecificOutput: { hookEventName: event, additionalContext: 'note' } };
      expect(answer(event, value)).toEqual({
        outcome: 'error',
        error: `its JSON answer is not valid: hookSpecificOutput.hookEventName: "${event}" is not an event that takes an answer`,
      });
    },
  );

  test('counts whatever the exit code, and its reason wins over stderr [HK-1]', () => {
    const value = { decision: 'block', reason: 'no' };
    for (const exitCode of [1, 2]) {
      expect(answer('Stop', value, { exitCode, stderr: 'oops' })).toEqual({
        outcome: 'error',
        ...blocked('no', 'answer'),
      });
    }
    expect(answer('Stop', value, { ending: 'killed', exitCode: undefined })).toMatchObject(
      blocked('no', 'answer'),
    );
  });

  test('does not count when the hook took too long [HK-1]', () => {
    const end = { ending: 'timed-out', exitCode: undefined, summary: 'did not end within 5 s' } as const;
    expect(answer('Stop', { decision: 'block' }, end)).toEqual({
      outcome: 'cancelled',
      error: 'did not end within 5 s',
    });
  });

  test('may be spread over lines, with space around it [HK-1]', () => {
    expect(decide('Stop', { stdout: '\n  {\n "decision": "block",\n "reason": "no"\n}\n\n' })).toEqual({
      ...success,
      ...blocked('no', 'answer'),
    });
  });

  test('speaks to the user, and is no text for the model [HK-1]', () => {
    expect(answer('UserPromptSubmit', { systemMessage: 'hello', suppressOutput: true })).toEqual({
      ...success,
      systemMessage: 'hello',
      suppressOutput: true,
    });
  });

  test.each([{}, { foo: 1, additionalContext: 'top' }, { decision: 'approve', reason: 'fine' }])(
    'that says nothing of use is none: %j [HK-1]',
    (value) => {
      expect(answer('UserPromptSubmit', value)).toEqual(success);
    },
  );

  test('gives its reason for a block at the end of a session, where it can only be reported [HK-1]', () => {
    expect(
      answer('SessionEnd', { decision: 'block', reason: 'no' }, { exitCode: 2, stderr: 'oops' }),
    ).toEqual({
      outcome: 'error',
      error: 'no',
    });
  });

  test('that was cut at the output limit is void, never plain text [HK-4]', () => {
    expect(decide('PreToolUse', { stdout: '{"decision":"block","reason":"xxxx', isCut: true })).toEqual({
      outcome: 'error',
      error: 'its JSON answer is not valid: it is longer than the limit for output',
    });
  });
});

describe('a permission decision', () => {
  const specific = (fields: object) => ({ hookSpecificOutput: { hookEventName: 'PreToolUse', ...fields } });

  test.each(['allow', 'deny', 'ask', 'defer'] as const)('%s, with its reason [HK-1]', (behavior) => {
    const value = specific({ permissionDecision: behavior, permissionDecisionReason: 'why' });
    expect(answer('PreToolUse', value)).toEqual({ ...success, permission: { behavior, reason: 'why' } });
  });

  test('without a reason [HK-1]', () => {
    expect(answer('PreToolUse', specific({ permissionDecision: 'ask' }))).toEqual({
      ...success,
      permission: { behavior: 'ask' },
    });
    expect(answer('PreToolUse', specific({ permissionDecision: 'deny' }))).toEqual({
      ...success,
      ...denied('Blocked by hook'),
    });
  });

  test('block and approve are the older words for deny and allow [HK-1]', () => {
    expect(answer('PreToolUse', { decision: 'block', reason: 'no' })).toEqual({
      ...success,
      ...denied('no'),
    });
    expect(answer('PreToolUse', { decision: 'block' })).toEqual({ ...success, ...denied('Blocked by hook') });
    expect(answer('PreToolUse', { decision: 'approve', reason: 'fine' })).toEqual({
      ...success,
      permission: { behavior: 'allow', reason: 'fine' },
    });
  });

  test('the stricter wins where an answer and its exit code disagree [HK-1]', () => {
    const allow = specific({ permissionDecision: 'allow' });
    expect(answer('PreToolUse', { ...allow, decision: 'block', reason: 'no' })).toMatchObject(denied('no'));
    expect(answer('PreToolUse', allow, { exitCode: 2, stderr: 'no' })).toMatchObject(
      denied('[./check.sh]: no'),
    );
    expect(
      answer('PreToolUse', {
        ...specific({ permissionDecision: 'deny' }),
        decision: 'approve',
        reason: 'no',
      }),
    ).toMatchObject(denied('no'));
  });

  test('a new input needs no decision [HK-1]', () => {
    expect(answer('PreToolUse', specific({ updatedInput: { command: 'ls' } }))).toEqual({
      ...success,
      updatedInput: { command: 'ls' },
    });
  });

  test('ends the turn without stopping the call [HK-1]', () => {
    expect(answer('PreToolUse', { continue: false, stopReason: 'enough' })).toEqual({
      ...success,
      stop: { reason: 'enough' },
    });
  });
});

describe('the answer to a question for the user', () => {
  const permission = (decision: unknown) => ({
    hookSpecificOutput: { hookEventName: 'PermissionRequest', decision },
  });

  test.each([
    { behavior: 'allow' },
    { behavior: 'allow', updatedInput: { command: 'ls' }, updatedPermissions: [{ type: 'addRules' }] },
    { behavior: 'deny', message: 'no', interrupt: true },
  ])('%j [HK-1]', (decision) => {
    expect(answer('PermissionRequest', permission(decision))).toEqual({
      ...success,
      permissionAnswer: decision,
    });
  });

  test.each([
    [undefined, 'hookSpecificOutput.decision: expected object, received undefined'],
    ['allow', 'hookSpecificOutput.decision: expected object, received string'],
    [{}, 'hookSpecificOutput.decision is missing required field "behavior"'],
    [
      { behavior: 'maybe' },
      'hookSpecificOutput.decision.behavior: expected one of allow, deny, received "maybe"',
    ],
    [
      { behavior: 'deny', interrupt: 'yes' },
      'hookSpecificOutput.decision.interrupt: expected boolean, received string',
    ],
  ])('%j is void [HK-1]', (decision, fault) => {
    expect(answer('PermissionRequest', permission(decision))).toEqual({
      outcome: 'error',
      error: `its JSON answer is not valid: ${fault}`,
    });
  });

  test('takes no context beside the decision [HK-1]', () => {
    const value = { ...permission({ behavior: 'allow' }) };
    Object.assign(value.hookSpecificOutput, { additionalContext: 'note' });
    expect(answer('PermissionRequest', value)).toEqual({
      ...success,
      permissionAnswer: { behavior: 'allow' },
    });
  });
});

test.each<[HookEvent, object]>([
  ['PostToolUse', { updatedToolOutput: { stdout: 'x' }, updatedMCPToolOutput: 'y' }],
  ['UserPromptSubmit', { sessionTitle: 'Shop', suppressOriginalPrompt: true }],
  ['SessionStart', { initialUserMessage: 'go', watchPaths: ['/a'] }],
  ['CwdChanged', { watchPaths: ['/a'] }],
  ['FileChanged', { watchPaths: ['/a'] }],
  ['Elicitation', { action: 'accept', content: { name: 'Ada' } }],
  ['ElicitationResult', { action: 'decline', content: { name: 'Ada' } }],
])('%s can answer %j, and ignores what other events have [HK-1]', (event, own) => {
  const others = {
    updatedPrompt: 'new',
    retry: true,
    ...(event !== 'PostToolUse' && { updatedToolOutput: 1 }),
  };
  const value = { hookSpecificOutput: { hookEventName: event, ...own, ...others } };
  expect(answer(event, value)).toEqual({ ...success, ...own });
});

describe('one wrong type makes the whole answer void', () => {
  const specific = (fields: object) => ({ decision: 'block', hookSpecificOutput: fields });
  test.each<[object, string]>([
    [{ continue: 'no', decision: 'block' }, 'continue: expected boolean, received string'],
    [{ decision: 5 }, 'decision: expected one of approve, block, received 5'],
    [{ decision: 'deny' }, 'decision: expected one of approve, block, received "deny"'],
    [{ decision: 'block', reason: ['a'] }, 'reason: expected string, received array'],
    [{ decision: 'block', continue: null }, 'continue: expected boolean, received null'],
    [{ systemMessage: {} }, 'systemMessage: expected string, received object'],
    [specific([]), 'hookSpecificOutput: expected object, received array'],
    [specific({}), 'hookSpecificOutput is missing required field "hookEventName"'],
    [
      specific({ hookEventName: 'Nope' }),
      'hookSpecificOutput.hookEventName: "Nope" is not an event that takes an answer',
    ],
    [
      specific({ hookEventName: 'PostToolUse' }),
      "hook returned incorrect event name: expected 'PreToolUse' but got 'PostToolUse'",
    ],
    [
      specific({ hookEventName: 'PreToolUse', permissionDecision: 'maybe' }),
      'hookSpecificOutput.permissionDecision: expected one of allow, deny, ask, defer, received "maybe"',
    ],
    [
      specific({ hookEventName: 'PreToolUse', updatedInput: 'ls' }),
      'hookSpecificOutput.updatedInput: expected object, received string',
    ],
    [
      specific({ hookEventName: 'PreToolUse', additionalContext: 1 }),
      'hookSpecificOutput.additionalContext: expected string, received number',
    ],
  ])('%j [HK-1]', (value, fault) => {
    expect(answer('PreToolUse', value)).toEqual({
      outcome: 'error',
      error: `its JSON answer is not valid: ${fault}`,
    });
  });

  test('a list of paths that is none [HK-1]', () => {
    const value = { hookSpecificOutput: { hookEventName: 'SessionStart', watchPaths: ['/a', 1] } };
    expect(answer('SessionStart', value).error).toBe(
      'its JSON answer is not valid: hookSpecificOutput.watchPaths: expected array of strings, received array',
    );
  });
});
