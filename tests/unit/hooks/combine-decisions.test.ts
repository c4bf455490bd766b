import { describe, expect, test } from '@jest/globals';
import { combineDecisions } from '../../../middleware/features/hooks/answer/combine-decisions.ts';
import type { HookDecision } from '../../../middleware/features/hooks/answer/hook-decision.ts';
import { hookInput, type HookInput } from '../../../middleware/features/hooks/hook-input.ts';
import { beforeBash, onPrompt, session } from '../../support/made-up-hooks.ts';

const nothing = { feedback: [], contexts: [], instructions: [], messages: [], problems: [] };
const call = { tool: 'Bash', input: { command: 'ls' }, id: 'call-1' };
const before = beforeBash('ls');
const after = hookInput(session, 'PostToolUse', { call, response: {}, durationMs: 1 });
const batch = hookInput(session, 'PostToolBatch', { calls: [] });
const start = hookInput(session, 'SessionStart', { source: 'startup' });
const stop = hookInput(session, 'Stop', { isStopHookActive: false, lastAssistantMessage: '' });
const subagentStop = hookInput(session, 'SubagentStop', {
  isStopHookActive: false,
  lastAssistantMessage: '',
  transcriptPath: '/t',
});
const compact = hookInput(session, 'PreCompact', { trigger: 'manual', customInstructions: null });

/** Decisions in order of completion, of the hooks `a`, `b`, `c`. */
const combine = (input: HookInput, ...decisions: Omit<HookDecision, 'outcome'>[]) =>
  combineDecisions(
    input,
    decisions.map((decision, index) => ({
      label: ['a', 'b', 'c'][index] ?? '',
      decision: { outcome: 'success', ...decision },
    })),
  );
const blocks = (reason: string, cause: 'answer' | 'exit-code' = 'answer') => ({ block: { reason, cause } });
const permits = (behavior: 'allow' | 'deny' | 'ask' | 'defer', reason?: string) => ({
  permission: { behavior, ...(reason !== undefined && { reason }) },
});

test('no hook, or hooks that say nothing, change nothing [HK-1]', () => {
  expect([combine(before), combine(before, {}, {})]).toEqual([nothing, nothing]);
});

describe('before a tool call', () => {
  test('deny wins over defer, ask and allow, whichever came first [HK-1]', () => {
    const refusal = 'PreToolUse:Bash hook error: no';
    expect(combine(before, permits('allow'), permits('ask'), permits('deny', 'no'))).toEqual({
      ...nothing,
      refusal,
      permission: { behavior: 'deny', text: refusal },
    });
    expect(combine(before, permits('ask', 'sure?'), permits('defer'), permits('allow')).permission).toEqual({
      behavior: 'defer',
    });
    expect(combine(before, permits('allow', 'fine'), permits('ask', 'sure?')).permission).toEqual({
      behavior: 'ask',
      text: 'sure?',
    });
    expect(combine(before, permits('allow', 'fine')).permission).toEqual({ behavior: 'allow', text: 'fine' });
  });

  test('the first denial is the one that is reported [HK-1]', () => {
    expect(combine(before, permits('deny', 'first'), permits('deny', 'second')).refusal).toBe(
      'PreToolUse:Bash hook error: first',
    );
  });

  test('a question without a reason has words of its own [HK-1]', () => {
    expect(combine(before, permits('ask')).permission?.text).toBe(
      'Hook PreToolUse:Bash asked for confirmation for this tool',
    );
  });

  test('the last new input wins, in order of completion [HK-1]', () => {
    const outcome = combine(
      before,
      { updatedInput: { command: 'one' } },
      { updatedInput: { command: 'two' } },
      {},
    );
    expect(outcome.updatedInput).toEqual({ command: 'two' });
  });

  test('the turn may end after the call [HK-1]', () => {
    expect(combine(before, { stop: { reason: 'enough' } })).toEqual({
      ...nothing,
      stop: 'PreToolUse:Bash hook stopped continuation: enough',
    });
  });
});

describe('at a prompt', () => {
  const refused = 'UserPromptSubmit operation blocked by hook:\n';

  test('a refusal repeats the prompt, unless the hook hides it [HK-1]', () => {
    const prompt = onPrompt('deploy now');
    expect(combine(prompt, blocks('[a]: no\n', 'exit-code'))).toEqual({
      ...nothing,
      refusal: `${refused}[a]: no\n\n\nOriginal prompt: deploy now`,
    });
    expect(combine(prompt, { ...blocks('no'), suppressOriginalPrompt: true }).refusal).toBe(`${refused}no`);
  });

  test('the first refusal is the one that is reported [HK-1]', () => {
    expect(combine(onPrompt('p'), {}, blocks('first'), blocks('second')).refusal).toBe(
      `${refused}first\n\nOriginal prompt: p`,
    );
  });

  test('it may be stopped without being refused [HK-1]', () => {
    expect(combine(onPrompt('p'), { stop: { reason: 'enough' } }).stop).toBe(
      'Operation stopped by hook: enough',
    );
    expect(combine(onPrompt('p'), { stop: {} }).stop).toBe('Operation stopped by hook');
  });

  test('texts and contexts are joined in order of completion [HK-1]', () => {
    expect(combine(onPrompt('p'), { text: 'one' }, { additionalContext: 'two' }).contexts).toEqual([
      'UserPromptSubmit hook success: one',
      'UserPromptSubmit hook additional context: two',
    ]);
  });

  test('an expanded command is named by its event [HK-1]', () => {
    const expansion = hookInput(session, 'UserPromptExpansion', {
      type: 'slash_command',
      command: 'fix',
      args: '',
      source: 'projectSettings',
      prompt: '/fix',
    });
    expect(combine(expansion, blocks('no')).refusal).toBe(
      'UserPromptExpansion operation blocked by hook:\nno\n\nOriginal prompt: /fix',
    );
    expect(combine(expansion, { stop: { reason: 'enough' } }).stop).toBe('Operation stopped by hook: enough');
  });
});

test('the start of a session names its source with plain text only [HK-1]', () => {
  const outcome = combine(start, { text: 'one', additionalContext: 'two', initialUserMessage: 'go' });
  expect(outcome).toEqual({
    ...nothing,
    initialUserMessage: 'go',
    contexts: ['SessionStart:startup hook success: one', 'SessionStart hook additional context: two'],
  });
});

describe('after a tool call', () => {
  test('the model is told of every objection and context, and the result stays [HK-1]', () => {
    const objection = { ...blocks('[a]: no\n', 'exit-code'), additionalContext: 'note' };
    expect(combine(after, objection, blocks('neither'))).toEqual({
      ...nothing,
      contexts: [
        'PostToolUse:Bash hook blocking error from command: "a": [a]: no',
        'PostToolUse:Bash hook additional context: note',
        'PostToolUse:Bash hook blocking error from command: "b": neither',
      ],
    });
  });

  test('a failed call is named so [HK-1]', () => {
    const failed = hookInput(session, 'PostToolUseFailure', {
      call,
      error: 'e',
      isInterrupt: false,
      durationMs: 1,
    });
    expect(combine(failed, blocks('no')).contexts).toEqual([
      'PostToolUseFailure:Bash hook blocking error from command: "a": no',
    ]);
  });

  test('the turn may end; the model hears why in the next one [HK-1]', () => {
    expect(combine(after, { stop: { reason: 'enough' } }).stop).toBe(
      'PostToolUse:Bash hook stopped continuation: enough',
    );
  });

  test('the result may be replaced [HK-1]', () => {
    const outcome = combine(
      after,
      { updatedToolOutput: 'one', updatedMCPToolOutput: 'm' },
      { updatedToolOutput: 0 },
    );
    expect(outcome).toEqual({ ...nothing, updatedToolOutput: 0, updatedMCPToolOutput: 'm' });
  });

  test('a block after a batch ends the turn [HK-1]', () => {
    expect(combine(batch, blocks('[a]: no\n', 'exit-code'))).toEqual({
      ...nothing,
      stop: 'PostToolBatch hook stopped continuation: [a]: no',
    });
  });
});

describe('when the model wants to stop', () => {
  test('a block sends it back to work, and an answer tells it twice [HK-1]', () => {
    expect(combine(stop, blocks('[a]: go on\n', 'exit-code'))).toEqual({
      ...nothing,
      feedback: ['Stop hook feedback:\n[a]: go on\n'],
    });
    expect(combine(stop, blocks('go on'))).toEqual({
      ...nothing,
      feedback: ['Stop hook feedback:\ngo on'],
      contexts: ['Stop hook blocking error from command: "a": go on'],
    });
  });

  test('a subagent is sent back with the same words [HK-1]', () => {
    expect(combine(subagentStop, blocks('go on'))).toEqual({
      ...nothing,
      feedback: ['Stop hook feedback:\ngo on'],
      contexts: ['SubagentStop hook blocking error from command: "a": go on'],
    });
  });

  test('a context sends it back, too [HK-1]', () => {
    expect(combine(stop, { additionalContext: 'note' })).toEqual({
      ...nothing,
      feedback: ['Stop hook additional context: note'],
    });
  });

  test('continue: false lets it stop whatever others say [HK-1]', () => {
    const outcome = combine(stop, { additionalContext: 'note' }, { stop: { reason: 'enough' } });
    expect(outcome).toEqual({ ...nothing, stop: 'Stop hook stopped continuation: enough' });
  });
});

describe('before a compaction', () => {
  test('it may be refused [HK-1]', () => {
    expect(combine(compact, blocks('[a]: no\n', 'exit-code')).refusal).toBe(
      'Compaction blocked by PreCompact hook: [a]: no',
    );
  });

  test('it gets instructions [HK-1]', () => {
    expect(combine(compact, { instructions: 'keep names' }, { instructions: 'be short' })).toEqual({
      ...nothing,
      instructions: ['keep names', 'be short'],
    });
  });
});

test('a denial answers the question for the user, else the first answer does [HK-1]', () => {
  const question = hookInput(session, 'PermissionRequest', { call, suggestions: [] });
  const allow = { permissionAnswer: { behavior: 'allow', updatedInput: { command: 'ls' } } } as const;
  const deny = { permissionAnswer: { behavior: 'deny', message: 'no' } } as const;
  expect(combine(question, allow, deny).permissionAnswer).toEqual(deny.permissionAnswer);
  expect(combine(question, {}, allow).permissionAnswer).toEqual(allow.permissionAnswer);
});

test('the user reads what hooks say and which failed, the model does not [HK-1]', () => {
  expect(combine(before, { systemMessage: 'hello' }, { error: 'was not found' })).toEqual({
    ...nothing,
    messages: ['PreToolUse:Bash says: hello'],
    problems: ['PreToolUse:Bash hook [b] failed: was not found'],
  });
});
