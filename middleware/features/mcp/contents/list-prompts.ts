import type { McpPlace } from '../access/server-access.ts';
import type { McpServers } from '../mcp-servers.ts';
import type { ProjectSnapshot } from '../../../platform/config/scopes/project-snapshot.ts';
import { askForPrompts } from './get-prompt.ts';
import type { PromptCommand } from './prompt-command.ts';
import { unlessAborted } from '../unless-aborted.ts';
import { isServerKept } from './server-kept.ts';

/** The prompts of all servers of a place. */
export interface PromptList {
  readonly commands: readonly PromptCommand[];
  /** Servers that are still being started; what they have is known later. */
  readonly starting: readonly string[];
}

interface ListPlace extends McpPlace {
  readonly project: ProjectSnapshot;
}

interface ListOptions {
  readonly servers: Pick<McpServers, 'use' | 'usable' | 'stateOf' | 'refresh'>;
  readonly signal: AbortSignal;
  /** How long servers are waited for that were never asked, in milliseconds; with 0 none is started. */
  readonly waitMs: number;
}

/** How old may be what is known of a server that does not tell of changes. */
const maxAgeMs = 5_000;
/** A list must not start all the servers that somebody has ever configured. */
const maxStarted = 8;

/**
 * What is known of the prompts of all servers that may be used without asking anybody. Only one that was never asked is
 * started for it, and one that failed is not started again.
 */
export async function listPrompts(place: ListPlace, options: ListOptions): Promise<PromptList> {
  const { servers, waitMs } = options;
  const { project } = place;
  const usable = (await servers.usable(place)).filter((name) => !isServerKept(name, project));
  const mayStart = usable.filter((name) => {
    const state = servers.stateOf(name, project);
    return state?.prompts === undefined && state?.lastError === undefined;
  });
  const started = waitMs > 0 ? mayStart.slice(0, maxStarted) : [];
  const refreshed = Promise.all(usable.map((name) => servers.refresh(name, project, maxAgeMs)));
  const [answers] = await Promise.all([
    Promise.all(started.map(async (name) => [name, await ask(name, place, options)] as const)),
    inTime(refreshed, options),
  ]);
  const asked = new Map(answers);
  const states = usable.map((name) => ({ name, state: servers.stateOf(name, project) }));
  return {
    commands: states.flatMap(({ name, state }) => state?.prompts ?? asked.get(name) ?? []),
    starting: states.flatMap(({ name, state }) => (state?.state === 'starting' ? [name] : [])),
  };
}

/** Whoever asks again has what comes later. */
async function inTime(
  work: Promise<unknown>,
  { signal, waitMs }: Pick<ListOptions, 'signal' | 'waitMs'>,
): Promise<void> {
  if (waitMs <= 0) return;
  const late = AbortSignal.any([signal, AbortSignal.timeout(waitMs)]);
  await unlessAborted(late, work).catch(() => undefined);
}

async function ask(
  server: string,
  place: McpPlace,
  { servers, signal, waitMs }: ListOptions,
): Promise<readonly PromptCommand[] | undefined> {
  const listed = await askForPrompts(server, { servers, place, signal, maxMs: waitMs });
  // What is wrong with it, `/mcp list` tells.
  return listed.kind === 'got' ? listed.value : undefined;
}
