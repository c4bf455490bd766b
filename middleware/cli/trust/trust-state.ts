import type { TrustSubject } from '../../features/trust/trust-record.ts';
import type { TrustStore } from '../../features/trust/trust-store.ts';

/** Whether something may run, as far as trust goes; `not-needed` for what is not of a project. */
export type TrustState = 'not-needed' | 'allowed' | 'denied' | 'waiting';

/** Looks up what was decided about a subject; without one nobody has to be asked. */
export async function trustStateOf(
  subject: TrustSubject | undefined,
  store: TrustStore,
): Promise<TrustState> {
  return subject === undefined ? 'not-needed' : ((await store.decisionOn(subject)) ?? 'waiting');
}

/** A state as the end of a line; empty where there is nothing to say. */
export const trustTexts: Readonly<Record<TrustState, string>> = {
  'not-needed': '',
  allowed: 'trusted',
  denied: 'not allowed',
  waiting: 'waits for trust',
};
