import { readFileReferences } from '../../features/commands/file-references.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import type { PromptPart } from '../../protocol/prompt-part.ts';
import { commandPermissions } from './command-permissions.ts';

/** What the `@path` in a plain prompt name, and the prompt behind it; `undefined` where they name nothing. */
export async function attachReferences(
  text: string,
  project: ProjectSnapshot,
): Promise<readonly PromptPart[] | undefined> {
  const { workspace, home } = project;
  const attachments = await readFileReferences(text, {
    workspace,
    homeDir: home,
    mayRead: commandPermissions(project, undefined).mayRead,
  });
  return attachments.length === 0 ? undefined : [...attachments, { kind: 'text', text }];
}
