import { readFileReferences } from '../expand/file-references.ts';
import { decide } from '../../policy/evaluate-rules.ts';
import type { ProjectSnapshot } from '../../../platform/config/scopes/project-snapshot.ts';
import type { PromptPart } from '../../../protocol/apis/prompt-part.ts';
import { policyContextOf } from '../../policy/policy-context-of.ts';

/** What the `@path` in a plain prompt name, and the prompt behind it; `undefined` where they name nothing. */
export async function attachReferences(
  text: string,
  project: ProjectSnapshot,
  maxLength: number,
): Promise<readonly PromptPart[] | undefined> {
  const { workspace, home } = project;
  const context = policyContextOf(project, 'default', []);
  const attachments = await readFileReferences(text, {
    workspace,
    homeDir: home,
    maxLength,
    mayRead: (path) =>
      decide({ kind: 'file', tool: 'Read', path }, project.settings.rules, context).behavior !== 'deny',
  });
  return attachments.length === 0 ? undefined : [...attachments, { kind: 'text', text }];
}
