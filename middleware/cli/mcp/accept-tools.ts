import { visibleLine } from '../../kernel/visible-text.ts';
import { CliError } from '../cli-error.ts';
import type { ProjectOptions } from '../config/project-options.ts';
import { readProject } from '../config/read-project.ts';
import type { CliContext } from '../context.ts';
import { untilInterrupted } from '../hooks/until-interrupted.ts';
import { printResult } from '../print.ts';
import { noServerNamed } from './no-server-named.ts';
import { longestLookMs, lookAtServer } from './look-at-servers.ts';
import { ownEntries } from './own-entry.ts';
import { heldLines, unseenText } from './server-text.ts';
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
 * `codex-plus mcp accept`: shows changed tools of a server as they are now, or has those used that were shown. Of a server that
 * cannot be asked, what is known counts. Throws a CliError where none may be used now.
 */
export async function acceptTools(
  context: CliContext,
  { name, tool }: Named,
  options: AcceptOptions,
): Promise<void> {
  const project = await readProject(context, options);
  const server = project.mcpServers.get(name);
  if (server === undefined) throw noServerNamed(name);
  const isOwn = ownEntries(context);
  await withServers(context, project, async (servers, place) => {
    const { seen: mark } = options;
    const state = await untilInterrupted((signal) =>
      lookAtServer(name, server, { servers, place, project, signal, isOwn, longestMs: longestLookMs }),
    );
    const unseen = unseenText(state);
    if (unseen !== undefined)
      context.stderr.write(`It could not be asked for its tools as they are now: ${unseen}\n`);
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
