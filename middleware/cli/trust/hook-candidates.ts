import { labelOf, type HookEntry, type HookHandler } from '../../features/hooks/config/hook-entry.ts';
import { holdsTexts, textsIn } from '../../features/trust/holds-texts.ts';
import { subjectOfHook } from '../../features/hooks/trust/subject-of-hook.ts';
import type { Candidate } from './candidate.ts';

/** Those of the hooks that are in a project's settings files. */
export async function hookCandidates(
  entries: readonly HookEntry[],
  project: string,
): Promise<readonly Candidate[]> {
  const found = entries.map(async (entry) => {
    const checked = await subjectOfHook(entry, project);
    return checked === undefined
      ? []
      : [
          {
            subject: checked.subject,
            ...describeHook(entry),
            file: entry.source.file,
            isOf: holdsTexts(textsIn({ ...entry.handler, kind: undefined })),
          },
        ];
  });
  return (await Promise.all(found)).flat();
}

/** What a hook is and runs, for whoever has to allow it. */
export function describeHook({
  event,
  matcher,
  handler,
  permissions = [],
}: HookEntry): Pick<Candidate, 'what' | 'runs' | 'permissions'> {
  const of = matcher === undefined || matcher === '' ? '' : ` of ${matcher}`;
  return { what: `a hook for ${event}${of}`, runs: runsOf(handler), permissions };
}

function runsOf(handler: HookHandler): string {
  switch (handler.kind) {
    case 'command':
      // With arguments there is no shell: the words are told apart.
      return handler.args === undefined
        ? handler.command
        : JSON.stringify([handler.command, ...handler.args]);
    case 'http':
      return `POST ${handler.url}\n${JSON.stringify(handler.headers)}`;
    case 'mcp_tool':
      return `${labelOf(handler)} ${JSON.stringify(handler.input)}`;
    case 'prompt':
    case 'agent':
      return handler.prompt;
  }
}
