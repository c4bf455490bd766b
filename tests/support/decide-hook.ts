import type { HookDecision } from '../../middleware/features/hooks/answer/hook-decision.ts';
import type { HookEvent } from '../../middleware/features/hooks/hook-event.ts';
import { parseOutput, type HookEnd } from '../../middleware/features/hooks/answer/parse-output.ts';

/** How a hook ended: well and without a word, but for what is given. */
export function hookEnd(end: Partial<HookEnd> = {}): HookEnd {
  return {
    ending: 'exited',
    exitCode: 0,
    stdout: '',
    stderr: '',
    isCut: false,
    summary: `ended with exit code ${end.exitCode ?? 0}`,
    ...end,
  };
}

/** What the hook `./check.sh` decided when it ended like this. */
export function decide(
  event: HookEvent,
  end: Partial<HookEnd>,
  onFailure: 'block' | 'report' = 'report',
): HookDecision {
  return parseOutput({ event, label: './check.sh', onFailure }, hookEnd(end));
}

/** The same for a hook that printed this JSON. */
export function answer(event: HookEvent, value: object, end: Partial<HookEnd> = {}): HookDecision {
  return decide(event, { ...end, stdout: `${JSON.stringify(value)}\n` });
}

/** Where a hook can object; before a tool call that is a denial. */
export const blockingEvents: readonly HookEvent[] = [
  'UserPromptSubmit',
  'UserPromptExpansion',
  'PostToolUse',
  'PostToolUseFailure',
  'PostToolBatch',
  'Stop',
  'SubagentStop',
];
