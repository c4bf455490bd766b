import type { ProjectOptions } from '../config/project-options.ts';
import { readProject } from '../config/read-project.ts';
import type { CliContext } from '../context.ts';
import { openTrustStore } from '../trust/open-trust-store.ts';
import { forget } from '../trust/remove-records.ts';

/** `codex-plus mcp reset-project-choices`: forgets what was decided about the servers that a project brings along. */
export async function resetChoices(
  context: CliContext,
  options: Pick<ProjectOptions, 'workspace'>,
): Promise<void> {
  const { workspace } = await readProject(context, options);
  const store = openTrustStore(context);
  const records = await store.list(workspace);
  await forget(
    records.filter(({ kind }) => kind === 'mcp'),
    store,
  );
  context.stdout.write(
    'Project-scoped (.mcp.json) server approvals and rejections stored for this project have been reset.\n',
  );
}
