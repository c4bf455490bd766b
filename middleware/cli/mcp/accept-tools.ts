import { visibleLine } from '../../kernel/visible-text.ts';
import { CliError } from '../cli-error.ts';
import type { ProjectOptions } from '../config/project-options.ts';
import { readProject } from '../config/read-project.ts';
import type { CliContext } from '../context.ts';
import { printResult } from '../print.ts';
import { withServers } from './with-servers.ts';

interface Named {
  /** Of a server. */
  readonly name: string;
  /** All that are held back, where none is named. */
  readonly tool: string | undefined;
}

/** `codex-plus mcp accept`: changed tools of a server may be used as they are now. Throws a CliError where there are none. */
export async function acceptTools(
  context: CliContext,
  { name, tool }: Named,
  options: ProjectOptions,
): Promise<void> {
  const project = await readProject(context, options);
  await withServers(context, project, async (servers) => {
    const accepted = await servers.acceptTools(name, project, tool);
    if (accepted.length === 0)
      throw new CliError(`MCP server "${visibleLine(name, 100)}" has no such tool that is held back.`);
    const lines = accepted.map((one) => `${visibleLine(one, 200)} may be used as it is now.`);
    printResult(context, options, { server: name, accepted }, lines.join('\n'));
  });
}
