import { redact } from '../../platform/telemetry/redact.ts';
import type { McpPlace } from './access/server-access.ts';
import type { McpServers } from './mcp-servers.ts';
import type { ServerState } from './server-state.ts';

/** What is known of a server of a project, as JSON. */
export interface ServerFacts {
  readonly name: string;
  readonly state: ServerState['state'];
  readonly protocol: ServerState['era'];
  /** Of its circuit breaker. */
  readonly breaker: 'open' | 'closed';
  readonly tools: number | undefined;
  readonly lastError: string | undefined;
  readonly wantsLogin: boolean;
}

/** What is known of the servers of a project; nothing is started for it. */
export function factsOf(
  project: McpPlace['project'],
  { stateOf, isOwn }: Pick<McpServers, 'stateOf' | 'isOwn'>,
): readonly ServerFacts[] {
  const names = [...project.mcpServers.keys()].filter((name) => !isOwn(name, project));
  return names.map((name) => {
    const known = stateOf(name, project);
    return {
      name,
      state: known?.state ?? 'idle',
      protocol: known?.era,
      breaker: known?.state === 'resting' ? 'open' : 'closed',
      tools: known?.tools?.length,
      lastError: known?.lastError === undefined ? undefined : redact(known.lastError),
      wantsLogin: known?.wantsLogin ?? false,
    };
  });
}
