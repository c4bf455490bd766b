import { expect } from '@jest/globals';
import { callRaw } from './raw-client.ts';
import { until } from './until.ts';

/** Of the bodies of all calls together, where a test wants to see that none is held. */
export const heldBytes = 100_000;

/**
 * Holds that nothing is left of the calls so far: no call that runs, no byte of their bodies, no connection to the
 * upstream.
 */
export async function expectNothingHeld(port: number, openSockets: () => number): Promise<void> {
  const running = async (): Promise<string | undefined> => {
    const { body } = await callRaw(port, { method: 'GET', path: '/metrics' });
    return /^codex_plus_active_requests (\d+)$/m.exec(body.toString())?.[1];
  };
  await until(async () => (await running()) === '0', 15_000);
  // As large as all bodies together may be: it finds room only where none of the others is held.
  const largest = `{"model":"m","stream":false,"input":"${'x'.repeat(heldBytes - 50)}"}`;
  const { body } = await callRaw(port, { path: '/v1/responses', body: largest });
  expect(body.toString()).not.toContain('"code":"overloaded"');
  // Connections that are kept for a next call are closed after some seconds.
  await until(() => openSockets() === 0, 15_000);
}
