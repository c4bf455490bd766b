import { expect, test } from '@jest/globals';
import type { HookEvent } from '../../../middleware/features/hooks/hook-event.ts';
import { parseVerdict } from '../../../middleware/features/hooks/answer/parse-verdict.ts';
import { answeredEnd, failedEnd } from '../../../middleware/features/hooks/answer/within-time.ts';

const judge = (event: HookEvent, text: string, kind: 'prompt' | 'agent' = 'prompt') =>
  parseVerdict({ event, kind, label: 'Is it safe?', onFailure: 'report' }, answeredEnd(text, false));

const no = '{"ok": false, "reason": "it is not"}\n';
const reason = '[Is it safe?]: it is not';

test.each<[HookEvent, object]>([
  ['PreToolUse', { permission: { behavior: 'deny', reason }, stop: { reason: 'it is not' } }],
  ['UserPromptSubmit', { stop: { reason: 'it is not' } }],
  ['UserPromptExpansion', { stop: { reason: 'it is not' } }],
  ['Stop', { block: { reason, cause: 'verdict' } }],
  ['SubagentStop', { block: { reason, cause: 'verdict' } }],
  ['PostToolUse', { block: { reason, cause: 'verdict' } }],
])('a model that objects at %s decides %j [HK-1]', (event, decision) => {
  expect(judge(event, no)).toEqual({ outcome: 'success', ...decision });
});

test('an objection where nothing can be stopped is reported [HK-1]', () => {
  expect(judge('SessionEnd', no)).toEqual({ outcome: 'error', error: reason });
});

test('an agent that objects to a stop names its condition, and elsewhere its prompt [HK-1]', () => {
  const unmet = { reason: 'Agent hook condition was not met: it is not', cause: 'verdict' };
  expect(judge('Stop', no, 'agent').block).toEqual(unmet);
  expect(judge('SubagentStop', no, 'agent').block).toEqual(unmet);
  expect(judge('PostToolUse', no, 'agent').block).toEqual({ reason, cause: 'verdict' });
});

test.each([' {"ok": true} ', '```json\n{"ok": true}\n```', '```\n{\n  "ok": true\n}\n\n```\n'])(
  'a model that agrees with %j decides nothing [HK-1]',
  (text) => {
    expect(judge('PreToolUse', text)).toEqual({ outcome: 'success' });
  },
);

test('an objection counts in a code fence as well [HK-1]', () => {
  expect(judge('UserPromptSubmit', `\`\`\`json\n${no}\`\`\``).stop).toEqual({ reason: 'it is not' });
});

test('an objection needs no reason [HK-1]', () => {
  expect(judge('UserPromptSubmit', '{"ok": false}').stop).toEqual({ reason: 'no reason given' });
});

test.each(['yes', '{"ok": "no"}', '[]', 'No.\n```json\n{"ok": false}\n```', ''])(
  'the answer %j is a failure that lets things go on [HK-1]',
  (text) => {
    expect(judge('PreToolUse', text)).toEqual({
      outcome: 'error',
      error: 'the model answered with something else than {"ok": true} or {"ok": false, "reason": "…"}',
    });
  },
);

test('a model that does not answer is a failure, too [HK-1]', () => {
  const end = failedEnd('timed-out', 'did not end within 30 s');
  expect(parseVerdict({ event: 'Stop', kind: 'prompt', label: 'p', onFailure: 'report' }, end)).toEqual({
    outcome: 'cancelled',
    error: 'did not end within 30 s',
  });
});
