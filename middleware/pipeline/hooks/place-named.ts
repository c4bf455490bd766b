import {
  withCommandHooks,
  type HookAudience,
  type HooksOf,
} from '../../features/hooks/config/project-hooks.ts';
import type { HookPlace } from '../../features/hooks/sessions/hook-place.ts';
import type { HookSessions } from '../../features/hooks/sessions/hook-sessions.ts';
import type { Log } from '../../kernel/log.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import { codexApi } from '../../protocol/apis/codex-api.ts';
import { namedSessionKey } from '../../protocol/conversation/session-key.ts';

interface NamedPlace {
  readonly project: ProjectSnapshot;
  readonly audience: HookAudience;
  /** As the client names it. */
  readonly session: string;
}

interface PlaceParts {
  readonly hooksOf: HooksOf;
  readonly sessions: HookSessions;
  readonly log: Log;
}

/** Where hooks run on what comes in no request for a model. What they say to a reader of its answer, nobody would read. */
export async function placeNamed(
  { project, audience, session: id }: NamedPlace,
  { hooksOf, sessions, log }: PlaceParts,
): Promise<HookPlace> {
  const session = sessions.open(namedSessionKey(id, audience.caller, codexApi), id);
  const hooks = withCommandHooks(await hooksOf(project, audience), session, audience);
  return { project, hooks, session, effort: undefined, agent: undefined, log, hasReader: false };
}
