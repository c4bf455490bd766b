import { poolLimits } from '../../features/mcp/pool/pool-limits.ts';
import { McpFailure } from '../../features/mcp/mcp-failure.ts';
import type { McpPlace } from '../../features/mcp/access/server-access.ts';
import { unsetVariables } from '../../features/mcp/access/unset-variables.ts';
import { serverProblems } from '../../features/mcp/access/server-problems.ts';
import { keepingRule } from '../../features/mcp/contents/server-kept.ts';
import type { McpServers } from '../../features/mcp/mcp-servers.ts';
import { describeRule } from '../../features/policy/rules/describe-rule.ts';
import { readServerEntry } from '../../features/mcp/read-server-entry.ts';
import { AtMost } from '../../kernel/bounds/at-most.ts';
import { visibleLine } from '../../kernel/visible-text.ts';
import { maskSecrets } from '../../platform/config/scopes/mask-secrets.ts';
import type { McpServer } from '../../platform/config/scopes/merge-mcp-servers.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import { counted } from '../output/counted.ts';
import { CliError } from '../cli-error.ts';
import type { ProjectOptions } from '../config/project-options.ts';
import { problemText } from '../config/problem-text.ts';
import { readProject } from '../config/read-project.ts';
import type { CliContext } from '../context.ts';
import { untilInterrupted } from '../hooks/until-interrupted.ts';
import { printResult } from '../print.ts';
import { noServerNamed } from './no-server-named.ts';
import type { ServerLook } from './server-look.ts';
import { ownEntries } from './own-entry.ts';
import { inspectionText, serverLine, serverText } from './server-text.ts';
import { withServers } from './with-servers.ts';

/** `codex-plus mcp list`: every server that is configured here, and whether it can be reached. */
export async function listServers(context: CliContext, options: ProjectOptions): Promise<void> {
  const project = await readProject(context, options);
  const isText = options.json !== true;
  const count = project.mcpServers.size;
  if (isText && count > 0) context.stderr.write(`checking ${counted(count, 'MCP server')} …\n`);
  const looks = await lookAt(context, project, [...project.mcpServers], {
    longestMs: longestLookMs,
    // As it comes in: one that is slow keeps nobody from reading of the others.
    onLook: (look) => {
      if (isText) context.stdout.write(`${serverLine(look)}\n`);
    },
  });
  const problems = serverProblems(project);
  const refused = project.ignored.filter(({ key }) => key.startsWith('mcpServers'));
  const lines = [
    ...refused.map(({ key, reason }) => `${visibleLine(key, 200)}: ⏸ Kept out by policy — ${reason}`),
    ...problems.map((problem) => `✘ ${problemText(problem, project)}`),
  ];
  const none = 'No MCP servers configured. Use `codex-plus mcp add` to add a server.';
  printResult(
    context,
    options,
    { workspace: project.workspace, servers: looks.map(lookJson), refused, problems },
    looks.length + lines.length === 0 ? none : lines.join('\n'),
  );
}

/** `codex-plus mcp get`: one server with its entry. */
export async function getServer(context: CliContext, name: string, options: ProjectOptions): Promise<void> {
  const look = await lookAtOne(context, name, options);
  printResult(context, options, lookJson(look), serverText(look));
}

/** `codex-plus mcp test`: all that a server offers. Throws a CliError where it cannot be reached, or does not tell all of it. */
export async function testServer(context: CliContext, name: string, options: ProjectOptions): Promise<void> {
  const look = await lookAtOne(context, name, options);
  printResult(context, options, lookJson(look), inspectionText(look));
  // Nothing is wrong with what is left out for a reason of its own.
  if (look.state.kind === 'own') return;
  if (look.state.kind !== 'connected' || look.state.failed !== undefined) throw new CliError('');
}

async function lookAtOne(context: CliContext, name: string, options: ProjectOptions): Promise<ServerLook> {
  const project = await readProject(context, options);
  const server = project.mcpServers.get(name);
  if (server === undefined) throw noServerNamed(name);
  const [look] = await lookAt(context, project, [[name, server]]);
  if (look === undefined) throw new CliError('nothing was found out');
  return look;
}

async function lookAt(
  context: CliContext,
  project: ProjectSnapshot,
  named: readonly (readonly [name: string, server: McpServer])[],
  { longestMs, onLook }: Pick<Looking, 'longestMs'> & { readonly onLook?: (look: ServerLook) => void } = {},
): Promise<readonly ServerLook[]> {
  // More than have a place would be refused one.
  const some = new AtMost(poolLimits.maxRunning);
  const isOwn = ownEntries(context);
  return await withServers(context, project, (servers, place) =>
    untilInterrupted((signal) =>
      Promise.all(
        named.map(async ([name, server]) => {
          const looking = { servers, place, project, signal, longestMs, isOwn };
          const state = await some.run(() => lookAtServer(name, server, looking));
          const look = { name, server, state };
          onLook?.(look);
          return look;
        }),
      ),
    ),
  );
}

interface Looking {
  readonly servers: McpServers;
  readonly place: McpPlace;
  readonly project: ProjectSnapshot;
  readonly signal: AbortSignal;
  /** Whether an entry leads to our own `/mcp`. */
  readonly isOwn: (entry: McpServer['value']) => boolean;
  /** How long a server is waited for; by default as long as for a call. */
  readonly longestMs?: number | undefined;
}

/** A server that started in its time and lists nothing. */
export const longestLookMs = 60_000;

/** How a server is: it is started or reached for it where that is allowed. */
export async function lookAtServer(
  name: string,
  server: McpServer,
  { servers, place, project, signal, longestMs, isOwn }: Looking,
): Promise<ServerLook['state']> {
  const reading = readServerEntry(server.value);
  if (reading.kind === 'broken') return reading;
  if (isOwn(server.value)) return { kind: 'own' };
  const rule = keepingRule(name, project);
  if (rule !== undefined) return { kind: 'denied', rule: describeRule(rule) };
  const decision = await servers.decisionOn(name, place);
  if (decision !== 'allowed') return { kind: decision === 'denied' ? 'off' : 'pending' };
  const late = longestMs === undefined ? undefined : AbortSignal.timeout(longestMs);
  const until = late === undefined ? signal : AbortSignal.any([signal, late]);
  const began = performance.now();
  try {
    const inspection = await servers.inspect(name, place, until);
    const ms = Math.round(performance.now() - began);
    const held = await servers.heldTools(name, place.project);
    return { kind: 'connected', ms, held, ...inspection };
  } catch (error) {
    return { kind: 'failed', reason: failureText(error, signal, late) };
  }
}

function failureText(error: unknown, signal: AbortSignal, late: AbortSignal | undefined): string {
  if (error instanceof McpFailure) return error.message;
  if (signal.aborted) throw new CliError('interrupted');
  if (late?.aborted === true) return `it did not answer within ${longestLookMs / 1_000} s`;
  return visibleLine(error instanceof Error ? error.message : String(error), 500);
}

function lookJson({ name, server, state }: ServerLook): object {
  const { source, written } = server;
  const { scope, file } = source;
  const unset = unsetVariables(server);
  return { name, scope, file, entry: maskSecrets('', written), unset, state };
}
