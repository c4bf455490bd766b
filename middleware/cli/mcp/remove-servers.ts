import { placesOf, removeServer } from '../../features/mcp/edit/edit-servers.ts';
import type { RemovedServer } from '../../features/mcp/edit/left-login.ts';
import { isJsonObject } from '../../kernel/json-object.ts';
import { visibleLine } from '../../kernel/visible-text.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import { quoted } from '../../protocol/claude-tools/shell-words.ts';
import { CliError } from '../cli-error.ts';
import { readProject } from '../config/read-project.ts';
import type { CliContext } from '../context.ts';
import type { ScopeOptions } from './add-server.ts';
import { tellNotTaken } from './login-commands.ts';
import { noServerNamed } from './no-server-named.ts';
import { scopeText } from './server-text.ts';
import { tellPlace } from './tell-place.ts';
import { withServers } from './with-servers.ts';

/**
 * `codex-plus mcp remove`: takes a server out of the file that has it; of several the scope has to be named, and there the file
 * that counts is meant.
 */
export async function removeServers(
  context: CliContext,
  name: string,
  options: Partial<ScopeOptions>,
): Promise<void> {
  const project = await readProject(context, options);
  const { scope } = options;
  const all = placesOf(name, { project, env: context.env });
  const places = scope === undefined ? all : all.filter((place) => place.scope === scope);
  const [place, ...others] = places;
  const shown = visibleLine(name, 100);
  if (place === undefined) {
    const where = scope === undefined ? '' : ` in ${scope} config`;
    throw noServerNamed(name, where);
  }
  if (others.length > 0 && scope === undefined) {
    const lines = places.map((one) => `  - ${scopeText(one.scope)} (${visibleLine(one.file, 300)})`);
    const scopes = new Set(places.map((one) => one.scope));
    const commands = [...scopes].map((one) => `  codex-plus mcp remove ${quoted(shown)} -s ${one}`);
    throw new CliError(
      [
        `MCP server "${shown}" exists in multiple scopes:`,
        ...lines,
        '',
        'To remove from a specific scope, use:',
        ...commands,
      ].join('\n'),
    );
  }
  const { entry, isFileGone } = removeServer(name, place);
  context.stdout.write(`Removed MCP server ${shown} from ${place.scope} config\n`);
  if (isFileGone)
    context.stdout.write(`File removed, as nothing else was in it: ${visibleLine(place.file, 300)}\n`);
  else tellPlace(context, place);
  for (const { file } of others)
    context.stdout.write(`${visibleLine(file, 300)} still has a server of this name\n`);
  await endLogin(context, project, { name, entry });
}

/** Nothing would name the login any more that it could be ended by. */
async function endLogin(
  context: CliContext,
  project: ProjectSnapshot,
  removed: RemovedServer,
): Promise<void> {
  if (!isJsonObject(removed.entry) || removed.entry['url'] === undefined) return;
  const where = { project, env: context.env };
  const left = await withServers(context, project, (servers) => servers.endLeftLogin(removed, where));
  if (left === undefined) return;
  const shown = visibleLine(removed.name, 100);
  context.stdout.write(
    left.kind === 'used'
      ? `You stay signed in there, as another server of yours uses the same login\n`
      : `You are signed out of ${shown}.\n`,
  );
  if (left.kind === 'ended') tellNotTaken(context, left.notTaken);
}
