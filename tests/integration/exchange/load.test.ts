import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { streams } from '../../support/fake-upstream/step.ts';
import { callRaw, openRaw } from '../../support/raw-client.ts';
import { settledMemory } from '../../support/settled-memory.ts';
import { until } from '../../support/until.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  middleware = await composeMiddleware(upstream.url);
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
});

const body = `{"model":"gpt-5","stream":true,"input":"${'x'.repeat(20_000)}"}`;
const frame = 'data: {"type":"response.output_text.delta","delta":"0123456789"}\n\n';
const end = 'data: {"type":"response.completed","response":{"id":"r"}}\n\n';
const whole = frame.repeat(5) + end;

async function active(): Promise<string> {
  const response = await fetch(`${middleware.url}/metrics`);
  return /codex_plus_active_requests (\d+)/.exec(await response.text())?.[1] ?? '';
}

describe('many at a time', () => {
  test('500 parallel streams arrive whole, and nothing of them stays: sockets, running requests, memory [PX-2] [PX-4]', async () => {
    upstream.use(() => streams([frame, frame, frame, frame, frame, end], { pauseMs: 20 }));
    const round = async (): Promise<void> => {
      const answers = await Promise.all(
        Array.from({ length: 500 }, () => callRaw(middleware.port, { path: '/v1/responses', body })),
      );
      upstream.forget();
      expect(answers.every((answer) => answer.body.toString() === whole && answer.isWhole)).toBe(true);
    };
    await round();
    await round();
    const before = await settledMemory();
    await round();
    await round();
    const after = await settledMemory();
    expect(after).toBeLessThan(before * 1.1);
    expect(await active()).toBe('0');
    // Idle connections to the upstream are let go after some seconds.
    await until(() => upstream.openSockets() === 0, 15_000);
  }, 60_000);

  test('200 clients that leave in the middle leave nothing behind [PX-4]', async () => {
    upstream.use(() => streams([frame], { then: 'silence' }));
    const sockets = await Promise.all(
      Array.from({ length: 200 }, () => openRaw(middleware.port, { path: '/v1/responses', body })),
    );
    await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('data', resolve))));
    expect(await active()).toBe('200');
    for (const socket of sockets) socket.destroy();
    await until(async () => (await active()) === '0');
    await until(() => upstream.openSockets() === 0, 15_000);
  }, 60_000);
});
