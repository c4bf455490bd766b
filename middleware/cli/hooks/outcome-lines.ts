import type { HookOutcome } from '../../features/hooks/answer/combine-decisions.ts';

type Line = readonly [who: string, text: string];

/** What a hook's decision comes to: what the model, the user and the call get to see. */
export function outcomeLines(outcome: HookOutcome): readonly Line[] {
  const { refusal, permission, stop, feedback, contexts, instructions, messages, problems } = outcome;
  const lines: Line[] = [
    ...(refusal === undefined ? [] : [['refused', refusal] as const]),
    ...(permission === undefined || permission.behavior === 'deny'
      ? []
      : [[`permission: ${permission.behavior}`, permission.text ?? ''] as const]),
    ...(stop === undefined ? [] : [['ends the turn', stop] as const]),
    ...feedback.map((text) => ['the model goes on with', text] as const),
    ...contexts.map((text) => ['the model is told', text] as const),
    ...instructions.map((text) => ['the compaction is told', text] as const),
    ...messages.map((text) => ['the user is told', text] as const),
    ...problems.map((text) => ['the user is told', text] as const),
    ...changes(outcome),
  ];
  return lines;
}

const changed = [
  ['updatedInput', 'the call gets the input'],
  ['updatedToolOutput', 'the tool gave'],
  ['updatedMCPToolOutput', 'the tool gave'],
  ['sessionTitle', 'the session is called'],
  ['initialUserMessage', 'the session begins with'],
  ['watchPaths', 'files are watched'],
  ['permissionAnswer', 'the question is answered with'],
  ['action', 'the question is answered with'],
  ['content', 'the answer is'],
] as const satisfies readonly (readonly [keyof HookOutcome, string])[];

function changes(outcome: HookOutcome): readonly Line[] {
  return changed.flatMap(([name, who]) => {
    const value = outcome[name];
    if (value === undefined) return [];
    return [[who, typeof value === 'string' ? value : JSON.stringify(value)] as const];
  });
}
