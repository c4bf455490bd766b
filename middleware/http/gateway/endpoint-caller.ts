import { createHash } from 'node:crypto';
import type { Caller } from '../../kernel/exchange.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';

/** Whose a request is, and the project that it is about. */
export interface EndpointCaller {
  readonly caller: Caller;
  /** `undefined` for a caller who may have none. */
  readonly project: ProjectSnapshot | undefined;
  /** The same as it is configured by now. */
  readonly projectNow: () => Promise<ProjectSnapshot | undefined>;
}

/** Whose it is: callers share bounds fairly. */
export function callerIn({ caller }: EndpointCaller): string {
  return caller.id ?? caller.kind;
}

/** What hooks are told as the session where there is none; some of them make a file of that name. */
export function nameOf(of: EndpointCaller): string {
  const { project } = of;
  const named = JSON.stringify([callerIn(of), project?.workspace ?? null]);
  return `mcp-${createHash('sha256').update(named).digest('hex').slice(0, 32)}`;
}
