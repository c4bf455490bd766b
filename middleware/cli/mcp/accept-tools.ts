import { visibleLine } from '../../kernel/visible-text.ts';
import { CliError } from '../cli-error.ts';
import type { ProjectOptions } from '../config/project-options.ts';
import { readProject } from '../config/read-project.ts';
import type { CliContext } from '../context.ts';
import { printResult } from '../print.ts';
import { noServerNamed } from './no-server-named.ts';
import { heldLines } from './server-text.ts';
import { withServers } from './with-servers.ts';

interface Named {
  /** Of a server. */
  readonly name: string;
  /** All that are held back, where none is named. */
  readonly tool: string | undefined;
}

export interface AcceptOptions extends ProjectOptions {
  /** The mark of what was shown. */
  readonly seen?: string;
}

/**
 * `codex-plus mcp accept`: shows changed tools of a server, or has those used that were shown. Throws a CliError where none may
 * be used now.
 */
export async function acceptTools(
  context: CliContext,
  { name, tool }: Named,
  options: AcceptOptions,
): Promise<void> {
  const project = await readProject(context, options);
  if (!project.mcpServers.has(name)) throw noServerNamed(name);
  await withServers(context, project, async (servers) => {
    const { seen: mark } = options;
    const came = await servers.acceptTools(name, project, { tool, mark });
    if (came.kind === 'accepted') {
      const lines = came.tools.map((one) => `${visibleLine(one, 200)} may be used as shown.`);
      printResult(context, options, { server: name, accepted: came.tools }, lines.join('\n'));
      return;
    }
    const { held } = came;
    if (held.tools.length === 0)
      throw new CliError(`MCP server "${visibleLine(name, 100)}" has no such tool that is held back.`);
    printResult(context, options, { server: name, held }, heldLines(name, held, tool).join('\n'));
    throw new CliError(
      mark === undefined
        ? 'Nothing was accepted yet.'
        : 'Nothing was accepted: these are not the definitions that were shown.',
    );
  });
}
