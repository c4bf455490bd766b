import type { HookAudience } from '../../features/hooks/config/project-hooks.ts';
import { StateKey } from '../../kernel/exchange-state.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';

/** Where a question about a call is answered, as it is configured then: it may have been asked long before. */
export interface AnsweredNow {
  readonly project: ProjectSnapshot;
  readonly audience: HookAudience;
}

/** Of an exchange whose user answers a question about a call. */
export const answeredNowKey = new StateKey<AnsweredNow>('where a question is answered');
