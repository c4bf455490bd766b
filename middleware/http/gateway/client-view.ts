import { abilitiesOf } from '../../features/mcp/client/abilities.ts';
import type { CallGuard } from '../../features/mcp/gateway/call-guard.ts';
import type { GatewayClient } from '../../features/mcp/gateway/forward-request.ts';
import type { GuardedClient } from '../../pipeline/hooks/guard-mcp-calls.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import { callerIn, type EndpointCaller } from './endpoint-caller.ts';
import type { Served } from './gateway-server.ts';
import type { Hearing } from './hearing.ts';
import type { WatchedNames } from './watched-names.ts';

interface ViewOptions {
  readonly guardOf: (client: GuardedClient) => CallGuard;
}

/** A client, or all of one caller that have no session, as of the last request. */
export interface View {
  of: EndpointCaller;
  readonly hearing: Hearing;
  readonly names: WatchedNames;
  /** What a client declared when its session began. */
  readonly declared?: unknown;
}

/** Who hears, in all projects alike. */
export function hearer(
  { caller }: EndpointCaller,
  id: string,
  { guardOf }: ViewOptions,
): ConstructorParameters<typeof Hearing>[1] {
  return { conversation: id, guardOf: (project) => guardOf({ caller, project, session: id }) };
}

/** The view as of a request. */
export function follow(view: View, of: EndpointCaller, declared: unknown): void {
  view.of = of;
  view.hearing.follow(of.project, abilitiesOf(declared));
}

interface ServedParts {
  readonly id: string;
  readonly session: string | undefined;
  readonly options: ViewOptions;
}

/** What is served to a client, as of the time that it is asked for. */
export function servedIn(view: View, { id, session, options }: ServedParts): Served {
  const { caller } = view.of;
  return {
    ...{ caller, id, names: view.names },
    project: () => view.of.project,
    client: () => {
      const { of, hearing } = view;
      if (of.project === undefined) return undefined;
      const configured = (project: ProjectSnapshot): Pick<GatewayClient, 'place' | 'guard'> => ({
        place: { project, conversation: id },
        guard: options.guardOf({ caller, project, session: id }),
      });
      return {
        ...{ id, session, caller: callerIn(of), name: caller.name },
        ...configured(of.project),
        now: async () => {
          const project = await of.projectNow();
          return project && configured(project);
        },
        onLate: (what) => {
          hearing.tell(what);
        },
      };
    },
  };
}
