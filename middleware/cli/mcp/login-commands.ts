import { createInterface } from 'node:readline/promises';
import { visibleLine } from '../../kernel/visible-text.ts';
import { McpFailure } from '../../features/mcp/mcp-failure.ts';
import type { McpPlace } from '../../features/mcp/access/server-access.ts';
import type { McpServers } from '../../features/mcp/mcp-servers.ts';
import { loginWaitMs } from '../../features/mcp/login/login-wait.ts';
import { openUrl } from '../../platform/process/open-url.ts';
import { CliError } from '../cli-error.ts';
import { readProject } from '../config/read-project.ts';
import type { CliContext } from '../context.ts';
import { untilInterrupted } from '../hooks/until-interrupted.ts';
import { noServerNamed } from './no-server-named.ts';
import { withServers } from './with-servers.ts';

interface PlaceOptions {
  readonly workspace?: string;
}

export interface LoginOptions extends PlaceOptions {
  /** False with `--no-browser`. */
  readonly browser: boolean;
}

/** `codex-plus mcp login`: signs in at a server with a browser, here or on another machine. */
export async function login(context: CliContext, name: string, options: LoginOptions): Promise<void> {
  const { stdout, isInteractive } = context;
  await withLogins(context, { ...options, name }, (logins, place) =>
    untilInterrupted(async (signal) => {
      const waiting = await logins.begin(name, place, signal);
      signal.addEventListener('abort', waiting.cancel);
      const shown = visibleLine(name, 100);
      const isOpen = options.browser && isInteractive && (await openUrl(waiting.link, process.platform));
      stdout.write(
        isOpen ? 'A browser was opened. If nothing shows there, open\n' : `To sign in at ${shown}, open\n`,
      );
      stdout.write(`  ${waiting.link.href}\n`);
      stdout.write(`That is waited for, for ${loginWaitMs / 60_000} minutes …\n`);
      const stopReading = isInteractive ? takeAddress(context, waiting.finish) : () => undefined;
      try {
        await waiting.done;
      } finally {
        stopReading();
      }
      stdout.write(`You are signed in at ${shown}.\n`);
    }),
  );
}

/** `codex-plus mcp logout`: gives a login back, and forgets it. */
export async function logout(context: CliContext, name: string, options: PlaceOptions): Promise<void> {
  await withLogins(context, { ...options, name }, async (logins, place) => {
    const ended = await logins.end(name, place);
    const shown = visibleLine(name, 100);
    context.stdout.write(
      ended === undefined ? `You were not signed in at ${shown}.\n` : `You are signed out of ${shown}.\n`,
    );
    tellNotTaken(context, ended?.notTaken);
  });
}

/** A login that is forgotten here, and not there. */
export function tellNotTaken({ stderr }: CliContext, reason: string | undefined): void {
  if (reason !== undefined)
    stderr.write(
      `The login was forgotten here, but its authorization server did not take it back, where it may be good for longer: ${reason}\n`,
    );
}

async function withLogins(
  context: CliContext,
  { name, ...options }: PlaceOptions & { readonly name: string },
  work: (logins: McpServers['logins'], place: McpPlace) => Promise<void>,
): Promise<void> {
  const project = await readProject(context, options);
  if (!project.mcpServers.has(name)) throw noServerNamed(name);
  try {
    await withServers(context, project, ({ logins }, place) => work(logins, place));
  } catch (error) {
    throw error instanceof McpFailure ? new CliError(error.message) : error;
  }
}

/** The browser of another machine cannot come back here: its user brings the address. */
function takeAddress(
  { stdin, stdout, stderr }: CliContext,
  finish: (address: string) => Promise<void>,
): () => void {
  stdout.write(
    'Does the browser run on another machine? Then paste the address here that it was sent to at the end:\n',
  );
  const lines = createInterface({ input: stdin });
  lines.on('line', (line) => {
    if (line.trim() === '') return;
    finish(line.trim()).catch((error: unknown) => {
      stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    });
  });
  return () => {
    lines.close();
  };
}
